import type { Payload } from '@longwave/protocol';

/** The memory that several logs and states use together. */
export interface Meter {
  bytes: number;
}

/** Bytes that an operation takes besides its payload, roughly. */
export const operationBytes = 200;

const wide = /[^\0-\xff]/;

/** Whether a payload takes two bytes a unit in memory: a text does that is not Latin-1 alone. */
export function isWide(payload: Payload): boolean {
  return typeof payload === 'string' && wide.test(payload);
}

/** Bytes that a payload takes in memory. */
export function heldBytesOf(payload: Payload): number {
  return isWide(payload) ? payload.length * 2 : payload.length;
}
