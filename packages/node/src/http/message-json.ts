import type { Operation, Payload } from '@longwave/protocol';

/** A message as the HTTP API tells it. Its payload is JSON text already and is not written anew (WIRE-7). */
export function messageJson({ offset, time, id, user, kind, payload }: Operation): string {
  const head = JSON.stringify({ offset, time, id, user }).slice(0, -1);
  if (kind === 'redacted') return `${head},"redacted":true}`;
  // Its payload is JSON of ours.
  if (kind === 'redact') return `${head},"redact":${payload as string}}`;
  return `${head},${payloadJson(payload)}}`;
}

/** Its member of an object. */
export function payloadJson(payload: Payload): string {
  return typeof payload === 'string' ? `"data":${payload}` : `"bytes":"${toBase64(payload)}"`;
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
