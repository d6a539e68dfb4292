import type { Position, ReceivedOperation, ResetInfo } from '@longwave/protocol';

export type { ResetInfo } from '@longwave/protocol';

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
  /** True when the message was read from the log, false when it was received as it happened. */
  readonly recovered: boolean;
  /** Set on the first message after a reset: messages between it and the one before may be missing. */
  readonly reset: ResetInfo | undefined;
}

/** A message of a log. */
export interface Message<Data> {
  readonly data: Data;
  readonly meta: MessageMeta;
}

export function toMessage(
  channel: string,
  { epoch, offset }: Position,
  { data, time, id, user }: ReceivedOperation,
  recovered: boolean,
): Message<unknown> {
  return { data, meta: { channel, epoch, offset, time, id, user, recovered, reset: undefined } };
}
