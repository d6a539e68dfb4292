import type { Position, ReceivedOperation, ResetReason } from '@longwave/protocol';

/** Continuity ended: operations between the position and `position` were not and will not be seen (SUB-4). */
export interface ResetInfo {
  readonly reason: ResetReason;
  /** Where the subscription stands now. */
  readonly position: Position;
  /** Where it stood, unless nothing had been received yet. */
  readonly previous?: Position | undefined;
}

export interface MessageMeta {
  readonly channel: string;
  readonly epoch: string;
  /** The place of the message in the channel's log. With `epoch` it is the position to resume after. */
  readonly offset: number;
  /** When the server stored it: milliseconds since the Unix epoch. */
  readonly time: number;
  /** The message id that the publisher gave. */
  readonly id: string | undefined;
  /** The authenticated user who published it. */
  readonly user: string | undefined;
  /** True when it was read from the log, not received as it happened. */
  readonly recovered: boolean;
  /** Set on the first message after a reset: what lies between it and the one before is not known. */
  readonly reset: ResetInfo | undefined;
}

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
