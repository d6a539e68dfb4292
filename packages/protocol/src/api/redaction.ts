import { type Operation, type Payload, type ReceivedOperation, decodePayload } from '../codec/operation.js';
import type { Position } from '../position.js';

/** A redaction as a client asks for it: the data of a publish of kind `redact` (RED-1). */
export interface RedactionRequest extends Position {
  readonly reason?: string | undefined;
}

/** A redaction as subscribers are told of it (RED-2). */
export interface Redaction {
  /** The message whose data was taken: a list that shows it looks for its `offset`. */
  readonly target: Position;
  /** Place of the redaction itself in the log. */
  readonly position: Position;
  /** The reason that was given, for people. */
  readonly reason: string | undefined;
  /** The user who asked for it; undefined for an anonymous one, or for the server. */
  readonly user: string | undefined;
  /** When it was stored: milliseconds since the Unix epoch. */
  readonly time: number;
}

/** Options of a redaction by a client or the server. */
export interface RedactOptions {
  /** Text for people, of at most 200 characters, that is stored and told to subscribers. Default: none. */
  readonly reason?: string;
}

/** The payload of an operation of kind `redact`. */
export function redactionPayload({ offset, reason }: Omit<RedactionRequest, 'epoch'>): Payload {
  return JSON.stringify({ offset, reason });
}

/** The offset of the message that an operation of kind `redact` takes the data of. */
export function redactedOffset({ payload }: Pick<Operation, 'payload'>): number {
  return (decodePayload(payload) as RedactionRequest).offset;
}

/** The message with its data taken: its place, time, id and user stay. */
export function redactedOperation({ offset, time, id, user }: Operation): Operation {
  return { offset, time, payload: '', id, user, kind: 'redacted' };
}

/** `position` is that of the operation, which is of kind `redact`. */
export function toRedaction(
  position: Position,
  { data, user, time }: Pick<ReceivedOperation, 'data' | 'user' | 'time'>,
): Redaction {
  const { offset, reason } = data as RedactionRequest;
  return { target: { epoch: position.epoch, offset }, position, reason, user, time };
}
