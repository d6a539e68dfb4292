import type { From, Position } from '@longwave/protocol';

/** The last n operations for the largest n: the server bounds it by what the log keeps (SUB-1). */
export const everything = 2 ** 53 - 1;

/** {@link From} in one form: after a position, with the last operations, or with neither: from now on. */
export interface Start {
  readonly after?: Position;
  readonly last?: number;
}

export function startOf(from: From = 'now'): Start {
  if (from === 'now') return {};
  if (from === 'start') return { last: everything };
  return 'epoch' in from ? { after: { epoch: from.epoch, offset: from.offset } } : { last: from.last };
}
