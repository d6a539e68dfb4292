import {
  LongwaveError,
  type Payload,
  type Schema,
  describeIssues,
  encodePayload,
  utf8Length,
} from '@longwave/protocol';
import type { Appended, Logger, NewOperation, Store } from './ports.js';
import type { Limits } from './limits.js';
import type { ResolvedChannel } from './registry.js';
import type { Stats } from './stats.js';
import { type MaybePromise, chain, onFailure } from './maybe-promise.js';
import { fault } from './fault.js';

/** Brings data into a log: schema, size, append. The way of every publish, whoever makes it. */
export class Publisher {
  readonly #store: Store;
  readonly #limits: Limits;
  readonly #stats: Stats;
  readonly #logger: Logger;

  constructor(store: Store, limits: Limits, stats: Stats, logger: Logger) {
    this.#store = store;
    this.#limits = limits;
    this.#stats = stats;
    this.#logger = logger;
  }

  append(
    key: string,
    channel: ResolvedChannel,
    data: unknown,
    meta: Omit<NewOperation, 'payload'>,
  ): MaybePromise<Appended> {
    const payload = this.#encode(data);
    const appended = onFailure(
      () => this.#store.append(key, { ...meta, payload }, channel.definition.retain),
      (error) => this.#refuse(error),
    );
    return chain(appended, (result) => {
      if (result.duplicate) this.#stats.duplicates++;
      else this.#stats.published++;
      return result;
    });
  }

  /** A store's failure is transient, and what it was stays inside: the publisher may try again. */
  #refuse(error: unknown): never {
    if (error instanceof LongwaveError) throw error;
    this.#stats.errors++;
    this.#logger.error('The store refused an append.', error);
    throw fault('unavailable', 1000);
  }

  #encode(data: unknown): Payload {
    let payload: Payload;
    try {
      payload = encodePayload(data);
    } catch (cause) {
      throw new LongwaveError('invalid-data', 'The data cannot be written as JSON.', { cause });
    }
    const bytes = typeof payload === 'string' ? utf8Length(payload) : payload.length;
    if (bytes > this.#limits.messageBytes) {
      throw new LongwaveError('too-large', `The data takes ${bytes} bytes; the limit is ${this.#limits.messageBytes}.`);
    }
    return payload;
  }
}

/** What the schema makes of `data`. Throws or rejects with `invalid-data` that names what is wrong (PUB-5). */
export function validate(schema: Schema | undefined, data: unknown): MaybePromise<unknown> {
  if (!schema) return data;
  return chain(schema['~standard'].validate(data), (result) => {
    if (result.issues) throw new LongwaveError('invalid-data', describeIssues(result.issues));
    return result.value;
  });
}
