import type { From, Position } from '@longwave/protocol';

/** The last n operations for the largest n: the server bounds it by what the log keeps (SUB-1). */
export const everything = 2 ** 53 - 1;

/** {@link From} as the wire says it. */
export type Start = Exclude<From, 'start'>;

export function startOf(from: From = 'now'): Start {
  return from === 'start' ? { last: everything } : from;
}

export function isPosition(from: Start): from is Position {
  return typeof from === 'object' && 'epoch' in from;
}
