import {
  type ChangeKind,
  type LogDefinition,
  LongwaveError,
  type Payload,
  type Schema,
  type SchemaResult,
  type StateDefinition,
  decodePayload,
  describeIssues,
  describeValue,
  isWellFormed,
  encodePayload,
  utf8Length,
  wireLimits,
} from '@longwave/protocol';
import type { Appended, Keep, NewOperation, Store } from '../base/ports.js';
import type { Limits } from '../base/limits.js';
import type { Stats } from '../base/stats.js';
import type { Documents } from './documents.js';
import type { Mode, Modes } from './state/mode.js';
import { type MaybePromise, adopt, chain, isPromise } from '../base/maybe-promise.js';
import { UnencodableError } from '../base/fault.js';
import { ownBytes } from '../guards/own-bytes.js';

/** A change that is requested for an entry. */
export interface Change {
  readonly key?: string | undefined;
  /** Default `put`. */
  readonly kind?: ChangeKind | undefined;
  readonly data?: unknown;
}

type PublishMeta = Pick<NewOperation, 'id' | 'user' | 'producer' | 'retry'>;
export type LogMeta = PublishMeta & Pick<NewOperation, 'expect'>;
export type ChangeMeta = PublishMeta & Pick<NewOperation, 'expect' | 'ttlMs' | 'at'>;

/** Stores what is ready, or throws: asked last, for a schema or a read may have taken its time. */
export type Commit = (store: () => MaybePromise<Appended>) => MaybePromise<Appended>;

const commitAtOnce: Commit = (store) => store();

/** A patch is tried anew when another change came between reading the value and storing what becomes of it. */
const maxTries = 50;

/** A patch on its way. */
interface Patch {
  readonly key: string;
  readonly definition: StateDefinition;
  readonly entry: string;
  readonly patch: Payload;
  readonly meta: ChangeMeta;
  readonly store: (operation: NewOperation) => MaybePromise<Appended>;
}

export interface PublisherOptions {
  readonly store: Store;
  readonly modes: Modes;
  readonly documents: Documents;
  readonly limits: Limits;
  readonly stats: Stats;
}

/** Brings data into a channel: schema, size, append. The way of every publish, whoever makes it. */
export class Publisher {
  readonly #store: Store;
  readonly #modes: Modes;
  readonly #documents: Documents;
  readonly #limits: Limits;
  readonly #stats: Stats;

  constructor({ store, modes, documents, limits, stats }: PublisherOptions) {
    this.#store = store;
    this.#documents = documents;
    this.#modes = modes;
    this.#limits = limits;
    this.#stats = stats;
  }

  /** To a log. `data` has passed the schema. */
  append(key: string, { mode, retain }: LogDefinition, data: unknown, meta: LogMeta): MaybePromise<Appended> {
    if (mode === 'doc') this.#documents.check(data);
    const payload = this.#encode(data);
    const stored = this.store(key, { ...meta, payload }, retain);
    if (mode !== 'doc') return stored;
    return chain(stored, (appended) => {
      if (!appended.duplicate) this.#documents.grew(key, payload.length, appended.offset);
      return appended;
    });
  }

  /** To a channel with state (MAP-1 to MAP-3). */
  change(key: string, definition: StateDefinition, change: Change, meta: ChangeMeta): MaybePromise<Appended> {
    return chain(this.prepare(key, definition, change, meta), (append) => append());
  }

  /**
   * The part of `change` that comes before the store: a caller that waits for it keeps the order of its changes without
   * waiting for the store.
   */
  prepare(
    key: string,
    definition: StateDefinition,
    change: Change,
    meta: ChangeMeta,
    commit = commitAtOnce,
  ): MaybePromise<() => MaybePromise<Appended>> {
    const mode = this.modeOf(definition);
    const { key: entry = '', kind = 'put', data } = change;
    if (typeof entry !== 'string' || !isWellFormed(entry)) {
      throw new LongwaveError('invalid-data', `key is ${describeValue(entry)}; it must be a well-formed text.`);
    }
    if (mode.keyed ? entry.length < 1 || entry.length > wireLimits.keyLength : entry !== '') {
      throw new LongwaveError(
        'wrong-mode',
        mode.keyed
          ? 'A map takes no `publish`: `put` sets an entry, by a key of 1 to 256 units.'
          : 'A `value` channel takes no key.',
      );
    }
    const { bounds, value: schema } = definition;
    const store = (operation: NewOperation): MaybePromise<Appended> => commit(() => this.store(key, operation, bounds));
    if (kind === 'delete') return () => store({ ...meta, key: entry, kind, payload: '' });
    if (kind === 'patch') {
      return () => this.#patch({ key, definition, entry, patch: this.#encode(data), meta, store });
    }
    return chain(validate(schema, data), (valid) => {
      const payload = mode.fold(undefined, 'put', this.#encode(valid));
      return () => store({ ...meta, key: entry, payload });
    });
  }

  modeOf(definition: StateDefinition): Mode {
    const mode = Object.hasOwn(this.#modes, definition.mode) ? this.#modes[definition.mode] : undefined;
    if (!mode) throw new TypeError(`The engine knows no mode '${definition.mode}'.`);
    return mode;
  }

  /** Appends, and counts it. */
  store(key: string, operation: NewOperation, keep: Keep): MaybePromise<Appended> {
    return chain(this.#store.append(key, operation, keep), (result) => {
      if (result.duplicate) this.#stats.duplicates++;
      else this.#stats.published++;
      return result;
    });
  }

  /** The value as it is, with the patch, if nothing comes between. */
  #patch(asked: Patch, tries = 1): MaybePromise<Appended> {
    const { key, definition, entry, patch, meta, store } = asked;
    const mode = this.modeOf(definition);
    const read = this.#store.read(key, { key: entry, limit: 1 });
    return chain(read, ({ ops: [before] }) => {
      const folded = mode.fold(before?.payload, 'patch', patch);
      return chain(validate(definition.value, decodePayload(folded)), (valid) => {
        const payload = this.#encode(valid);
        const smaller = before !== undefined && payload === folded && patch.length < payload.length;
        const operation: NewOperation = {
          ...{ ...meta, key: entry, payload, delta: smaller ? patch : undefined },
          expect: meta.expect ?? before?.offset ?? 0,
        };
        if (meta.expect !== undefined || tries >= maxTries) return store(operation);
        return this.#orElse(
          () => store(operation),
          () => this.#patch(asked, tries + 1),
        );
      });
    });
  }

  /** Does `work`, and `again` if the store answers with a conflict. */
  #orElse(work: () => MaybePromise<Appended>, again: () => MaybePromise<Appended>): MaybePromise<Appended> {
    const failed = (error: unknown): MaybePromise<Appended> => {
      if (error instanceof LongwaveError && error.code === 'conflict') return again();
      throw error;
    };
    try {
      const result = work();
      return isPromise(result) ? result.catch(failed) : result;
    } catch (error) {
      return failed(error);
    }
  }

  #encode(data: unknown): Payload {
    let payload: Payload;
    try {
      payload = encodePayload(data);
    } catch (cause) {
      throw new UnencodableError(cause);
    }
    const bytes = typeof payload === 'string' ? utf8Length(payload) : payload.length;
    if (bytes > this.#limits.messageBytes) {
      throw new LongwaveError('too-large', `The data takes ${bytes} bytes; the limit is ${this.#limits.messageBytes}.`);
    }
    return payload;
  }
}

/** Returns the schema's output for `data`. Throws or rejects with `invalid-data` that names what is wrong (PUB-5). */
export function validate(schema: Schema | undefined, data: unknown): MaybePromise<unknown> {
  if (!schema) return data;
  return chain(adopt(schema['~standard'].validate(data)), (result: unknown) => {
    if (!isResult(result)) {
      throw new TypeError(`A schema answered with ${describeValue(result)}; it is { value } or { issues }.`);
    }
    if (result.issues) throw new LongwaveError('invalid-data', describeIssues(result.issues));
    // The schema may use its output again, so it is copied; its input already belongs to the caller.
    return result.value === data ? data : ownBytes(result.value);
  });
}

/** A result of another shape counts as refused. */
function isResult(result: unknown): result is SchemaResult<unknown> {
  if (typeof result !== 'object' || result === null) return false;
  const issues: unknown = 'issues' in result ? result.issues : undefined;
  return issues === undefined || issues === null ? 'value' in result : Array.isArray(issues);
}
