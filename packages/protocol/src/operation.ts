/** JSON text, or bytes that Longwave carries without looking at them. */
export type Payload = string | Uint8Array;

/**
 * One entry of a channel's log as stored and fanned out. The payload is encoded once, when the
 * operation is published, and never again: JSON text holds no raw line break.
 */
export interface Operation {
  readonly offset: number;
  /** When it was stored, in milliseconds since the Unix epoch. */
  readonly time: number;
  readonly payload: Payload;
  /** The publisher's message id, if it gave one. */
  readonly id?: string | undefined;
  /** The authenticated user who published it, if any. */
  readonly user?: string | undefined;
}

/** An operation as its receiver sees it: the payload decoded. */
export interface ReceivedOperation {
  readonly data: unknown;
  readonly time: number;
  readonly id?: string | undefined;
  readonly user?: string | undefined;
}

/** Encodes application data: `Uint8Array` stays as it is, anything else becomes JSON text. `undefined` becomes `null`. */
export function encodePayload(data: unknown): Payload {
  return data instanceof Uint8Array ? data : (JSON.stringify(data) ?? 'null');
}

/** Decodes what {@link encodePayload} made. Throws `SyntaxError` on text that is not JSON. */
export function decodePayload(payload: Payload): unknown {
  return typeof payload === 'string' ? JSON.parse(payload) : payload;
}
