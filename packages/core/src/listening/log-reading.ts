import {
  type From,
  type LogDefinition,
  type MessageMeta,
  type Position,
  type Redaction,
  type ResetInfo,
  toRedaction,
} from '@longwave/protocol';
import type { Bounds } from '../base/ports.js';
import type { Feed } from '../delivery/feed.js';
import type { Hub } from '../delivery/hub.js';
import type { MaybePromise } from '../base/maybe-promise.js';
import type { SubscriptionOptions } from '../delivery/subscription.js';
import { type Start, freshStart, resolveStart } from '../delivery/start.js';
import type { News, Reading, Telling } from './own-subscription.js';

/** Called for one message after the other. A promise is awaited; an error is logged and ends nothing. */
export type ServerMessageHandler<Data = unknown> = (data: Data, meta: MessageMeta) => unknown;

/** How the server subscribes to a log. */
export interface ServerSubscribeOptions {
  /** Where to start. Default `now`. */
  readonly from?: From;
  /** Continuity is lost, told before any later message. A promise is awaited. Without it, `meta.reset` of the next message says it. */
  readonly onReset?: (reset: ResetInfo) => unknown;
  /** The data of an earlier message was taken (RED-2): an index drops it. A promise is awaited. */
  readonly onRedact?: (redaction: Redaction) => unknown;
}

/** Reads a log for a handler of the application. */
export class LogReading implements Reading {
  readonly channel: string;
  readonly from: Position | undefined;
  readonly options: SubscriptionOptions;
  readonly startsEmpty = true;
  readonly #hub: Hub;
  readonly #mode: LogDefinition['mode'];
  readonly #asked: ServerSubscribeOptions;
  readonly #handler: ServerMessageHandler;
  /** Messages up to here were in the log before. */
  #recoveredTo = 0;
  /** A message has yet to say it. */
  #reset: ResetInfo | undefined;

  constructor(
    hub: Hub,
    { channel, mode }: { readonly channel: string; readonly mode: LogDefinition['mode'] },
    asked: ServerSubscribeOptions,
    handler: ServerMessageHandler,
  ) {
    const { from = 'now' } = asked;
    this.channel = channel;
    this.#mode = mode;
    this.#hub = hub;
    this.#asked = asked;
    this.#handler = handler;
    this.from = typeof from === 'object' && 'epoch' in from ? from : undefined;
    this.options = { last: typeof from === 'object' && 'last' in from ? from.last : undefined };
  }

  open(): MaybePromise<Feed> {
    return this.#hub.feed(this.channel, this.channel, this.#mode);
  }

  start(bounds: Bounds, position: Position | undefined): Start {
    const { last } = this.options;
    if (position) return resolveStart({ ...position, last }, bounds);
    return this.#asked.from === 'start' ? { offset: freshStart(bounds, undefined) } : resolveStart({ last }, bounds);
  }

  begin(top: number): void {
    this.#recoveredTo = top;
  }

  *read(frame: News): Iterable<Telling> {
    const { channel } = this;
    const { epoch, offset: first } = frame;
    for (let i = 0; i < frame.ops.length; i++) {
      const op = frame.ops[i]!;
      const { data, time, id, user, kind } = op;
      const offset = first + i;
      const position = { epoch, offset };
      if (kind === 'redact') {
        const { onRedact } = this.#asked;
        yield { position, call: onRedact && (() => onRedact(toRedaction(position, op))) };
        continue;
      }
      const reset = this.#reset;
      this.#reset = undefined;
      const recovered = offset <= this.#recoveredTo;
      const redacted = kind === 'redacted';
      const meta = { channel, epoch, offset, time, id, user, mine: false, redacted, recovered, reset };
      yield { position, call: () => this.#handler(data, meta) };
    }
  }

  reset(reset: ResetInfo, top: number): (() => unknown) | undefined {
    // Two resets without a message between them become one: the last one, with the first one's `previous`.
    this.#reset = this.#reset ? { ...reset, previous: this.#reset.previous } : reset;
    this.#recoveredTo = top;
    const { onReset } = this.#asked;
    return onReset && (() => onReset(reset));
  }
}
