import {
  type ChannelDefinition,
  LongwaveError,
  type LogDefinition,
  type Operation,
  type Position,
  type Published,
  breakOf,
  describeValue,
  inboxName,
  redactionPayload,
} from '@longwave/protocol';
import type { Appended, NewOperation, Store } from '../base/ports.js';
import { type MaybePromise, chain } from '../base/maybe-promise.js';
import { fault } from '../base/fault.js';
import { requireRetained } from '../store/require-retained.js';
import type { Publisher } from './publisher.js';
import { type Registry, inboxKey } from './registry.js';
import { serverId } from './scoped-ids.js';
import { checkArguments } from './server-arguments.js';
import { type ServerRedactOptions, checkRedaction } from './redaction-arguments.js';

/** A message whose data is to be taken, as the store has it. */
export interface Redactable {
  /** In the epoch that the log has now. */
  readonly position: Position;
  /** Undefined where it is no longer retained. */
  readonly message: Operation | undefined;
}

/** Without `epoch`, the log that there is now is meant. */
type RedactionTarget = Partial<Position> & Pick<Position, 'offset'>;
type RedactionMeta = Pick<NewOperation, 'id' | 'user' | 'producer' | 'retry'>;

/** Throws `wrong-mode` unless the channel is a log of messages that its contract calls `redactable` (RED-1). */
export function requireRedactable(channel: string, definition: ChannelDefinition): LogDefinition {
  if ('redactable' in definition && definition.mode === 'log' && definition.redactable) return definition;
  throw new LongwaveError(
    'wrong-mode',
    definition.mode === 'log'
      ? `The log '${channel}' is not redactable: its contract does not say so.`
      : `Only messages of a log can be redacted, and '${channel}' is a '${definition.mode}'.`,
  );
}

export interface RedactionsOptions {
  readonly store: Store;
  readonly registry: Registry;
  readonly publisher: Publisher;
}

/** Takes the data of stored messages (RED-1): by an operation of the same log, so it is delivered like any other. */
export class Redactions {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #publisher: Publisher;

  constructor({ store, registry, publisher }: RedactionsOptions) {
    this.#store = store;
    this.#registry = registry;
    this.#publisher = publisher;
  }

  /**
   * Finds the message at `position`. Throws or rejects with `epoch-changed`, and with `trimmed` where the log does not go so far.
   */
  find(key: string, position: Position): MaybePromise<Redactable> {
    const { offset } = position;
    return chain(this.#store.read(key, { after: Math.max(0, offset - 1), limit: 1 }), (page) => {
      if (breakOf(position, { epoch: page.epoch })) throw fault('epoch-changed');
      const found = page.ops[0]?.offset === offset ? page.ops[0] : undefined;
      // One that was trimmed is left to the store, which knows a repeated redaction of it.
      if (!found && (offset < 1 || offset > page.floor)) requireRetained({ epoch: page.epoch, offset }, page);
      return { position: { epoch: page.epoch, offset }, message: found };
    });
  }

  store(
    key: string,
    { retain }: LogDefinition,
    { position }: Redactable,
    reason: string | undefined,
    meta: RedactionMeta,
  ): MaybePromise<Appended> {
    const payload = redactionPayload({ offset: position.offset, reason });
    return this.#publisher.store(key, { ...meta, payload, redacts: position }, retain);
  }

  /**
   * Takes the data of a message in the name of the server. Rejects with `unknown-channel`, `wrong-mode`, `epoch-changed` or
   * `trimmed`.
   */
  async redact(channel: string, target: RedactionTarget, options: ServerRedactOptions = {}): Promise<Published> {
    checkRedaction(target, options);
    const definition = this.#registry.resolve(channel)?.definition;
    if (!definition) throw new LongwaveError('unknown-channel', `No channel is called ${describeValue(channel)}.`);
    return this.#redact(channel, requireRedactable(channel, definition), target, options);
  }

  /** As `redact`, in the inbox of a user (RED-8). */
  async redactForUser(user: string, target: RedactionTarget, options: ServerRedactOptions = {}): Promise<Published> {
    checkArguments.user('redact', user);
    checkRedaction(target, options);
    const { inbox } = this.#registry;
    if (!inbox) throw new LongwaveError('unknown-channel', `The contract defines no '${inboxName}'.`);
    return this.#redact(inboxKey(user), requireRedactable(inboxName, inbox.definition), target, options);
  }

  async #redact(
    key: string,
    log: LogDefinition,
    target: RedactionTarget,
    options: ServerRedactOptions,
  ): Promise<Published> {
    const { offset } = target;
    const epoch = target.epoch ?? (await this.#store.bounds(key)).epoch;
    const found = await this.find(key, { epoch, offset });
    const { id, user, reason } = options;
    const meta = { user, ...(id !== undefined && { id: serverId(id) }) };
    const stored = await this.store(key, log, found, reason, meta);
    const position = { epoch: stored.epoch, offset: stored.offset };
    return { position, duplicate: stored.duplicate, durability: this.#store.durability };
  }
}
