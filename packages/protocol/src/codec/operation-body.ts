import type { Operation, OperationKind, Payload } from './operation.js';

/** Returns the part of an operation that is written: its delta if it has one (MAP-5), else its payload. */
export function bodyOf({ delta, payload }: Operation): Payload {
  return delta ?? payload;
}

/** Undefined for `put`, which is not written. */
export function kindOf({ kind, delta }: Operation): OperationKind | undefined {
  if (delta !== undefined) return 'patch';
  return kind === 'put' ? undefined : kind;
}
