import type { ReceivedOperation } from '../codec/operation.js';
import type { Position, ResetInfo } from '../position.js';

/** Everything about a message but its data. */
export interface MessageMeta {
  readonly channel: string;
  readonly epoch: string;
  /** Place of the message in the channel's log. With `epoch` it is the position to resume after. */
  readonly offset: number;
  /** When the server stored the message: milliseconds since the Unix epoch. */
  readonly time: number;
  /** Message id, when the publisher gave one. */
  readonly id: string | undefined;
  /** The authenticated user who published the message; undefined for an anonymous one. */
  readonly user: string | undefined;
  /**
   * True when this client object published the message, also after a reconnect and when it comes from history (CLI-18). For the same
   * user on another device it is false: `user` tells that. The client remembers its last 10,000 publishes of a channel. Over HTTP
   * transports and stores of several nodes a message may arrive before its acknowledgement: a publish with an `id` is recognized
   * even then, one without is not. On a server it is false.
   */
  readonly mine: boolean;
  /** True when the data was taken (RED-1): `data` is undefined then. Only a log that its contract calls `redactable` has such messages. */
  readonly redacted: boolean;
  /** True when the message was read from the log, false when it was received as it happened. */
  readonly recovered: boolean;
  /** Set on the first message after a reset: messages between it and the one before may be missing. */
  readonly reset: ResetInfo | undefined;
}

/** A message of a log, the same on a client and on the server. */
export interface Message<Data> {
  readonly data: Data;
  readonly meta: MessageMeta;
}

/** One page of a log. */
export interface HistoryPage<Out> {
  /** In the order of the log, whichever end the page was read from. Redactions are not among them. */
  readonly messages: readonly Message<Out>[];
  /**
   * Offsets of the first and the last operation that the page covers, redactions included: `before: first` or `after: last` reads on.
   * Where there is none, `last` is one less than `first`.
   */
  readonly first: number;
  readonly last: number;
  /** The log retains the offsets from `floor + 1` to `top`. */
  readonly floor: number;
  /** Offset of the newest operation. */
  readonly top: number;
  /** Names the log; with an offset it makes a position. */
  readonly epoch: string;
}

/** The fields of an operation that a message has. */
type Operation = Pick<ReceivedOperation, 'data' | 'time' | 'id' | 'user' | 'kind'>;

/** `own` tells which messages this client published; a server has none. */
export function toMessage(
  channel: string,
  position: Position,
  operation: Operation,
  recovered: boolean,
  own?: { has(channel: string, position: Position, operation: Operation): boolean },
): Message<unknown> {
  const { epoch, offset } = position;
  const { data, time, id, user, kind } = operation;
  const mine = own?.has(channel, position, operation) ?? false;
  const redacted = kind === 'redacted';
  return { data, meta: { channel, epoch, offset, time, id, user, mine, redacted, recovered, reset: undefined } };
}
