import { requireJson } from '../values/json.js';

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
  /** Entry that the operation changes, in a channel with state. A `value` has only the entry `''`. */
  readonly key?: string | undefined;
  /** Default `put`. The payload has no meaning when the entry goes, as by `delete`. */
  readonly kind?: OperationKind | undefined;
  /**
   * Patch that turns the entry's previous value into the payload: sent instead of the payload to a reader that has that
   * value (MAP-5).
   */
  readonly delta?: Payload | undefined;
}

/**
 * The ways in which an operation changes an entry.
 *
 * - `put`: sets its value. `patch`: changes it by a JSON Merge Patch (RFC 7396).
 * - `delete`: removes it. `expire`: its time was over.
 * - `leave`: it is no longer in the subscriber's view; others may still see it.
 *
 * In a log: `redact` takes the data of an earlier message (RED-1). `redacted` is a message whose data was taken.
 */
export type OperationKind = 'put' | 'patch' | 'delete' | 'expire' | 'leave' | 'redact' | 'redacted';

export const operationKinds: readonly OperationKind[] = [
  'put',
  'patch',
  'delete',
  'expire',
  'leave',
  'redact',
  'redacted',
];

/** Whether the operation leaves no entry. */
export function isRemoval(kind: OperationKind | undefined): boolean {
  return kind === 'delete' || kind === 'expire' || kind === 'leave';
}

/** Whether the operation carries data. */
export function hasData(kind: OperationKind | undefined): boolean {
  return kind !== 'redacted' && !isRemoval(kind);
}

/** Returns the part of an operation that is written: its delta if it has one (MAP-5), else its payload. */
export function bodyOf({ delta, payload }: Operation): Payload {
  return delta ?? payload;
}

/** Undefined for `put`, which is not written. */
export function kindOf({ kind, delta }: Operation): OperationKind | undefined {
  if (delta !== undefined) return 'patch';
  return kind === 'put' ? undefined : kind;
}

/** An operation as its receiver sees it: the payload decoded. */
export interface ReceivedOperation {
  /** Undefined where there is none: of a removal, and of a redacted message. */
  readonly data: unknown;
  readonly time: number;
  readonly id?: string | undefined;
  readonly user?: string | undefined;
  readonly key?: string | undefined;
  readonly kind?: OperationKind | undefined;
  readonly version?: number | undefined;
}

/**
 * Encodes application data: an `ArrayBuffer` and any view of one are bytes, which are copied; anything else becomes
 * JSON text. `undefined` becomes `null`. Throws `TypeError` that names the place of what JSON cannot say.
 */
export function encodePayload(data: unknown): Payload {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  // Not `instanceof`: it may come from another realm.
  if (Object.prototype.toString.call(data) === '[object ArrayBuffer]')
    return new Uint8Array(data as ArrayBuffer).slice();
  if (data === undefined) return 'null';
  requireJson(data);
  return JSON.stringify(data);
}

/** Application data as they were when it was made. A codec takes it for `data`, any number of times. */
export class Prepared {
  readonly payload: Payload;

  /** Throws `TypeError` as {@link encodePayload}. `encode` is for {@link preparedBytes} alone. */
  constructor(data: unknown, encode: (data: unknown) => Payload = encodePayload) {
    this.payload = encode(data);
  }
}

/** Bytes that nobody changes any more, without a copy. */
export function preparedBytes(payload: Uint8Array): Prepared {
  return new Prepared(payload, asItIs);
}

const asItIs = (data: unknown): Payload => data as Payload;

/** The payload of a frame's `data`. */
export function payloadOf(data: unknown): Payload {
  return data instanceof Prepared ? data.payload : encodePayload(data);
}

/** Decodes what {@link encodePayload} made. Throws `SyntaxError` on text that is not JSON. */
export function decodePayload(payload: Payload): unknown {
  return typeof payload === 'string' ? JSON.parse(payload) : payload;
}
