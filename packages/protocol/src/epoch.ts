import type { Position } from './position.js';

/** Logs of which an epoch tells at most: who stands in an older one begins anew. */
const maxParts = 8;

/** A log, and the last operation of the one before it that is in this one too. */
interface Part {
  readonly id: string;
  readonly after: number;
}

/**
 * Returns the epoch of a log that went on from `epoch` after the operation `top`, as after a failover: `id` is new, of
 * letters, digits, `-` and `_`. The form is `id *( "~" top "." id )`, the oldest first (EPOCH-1).
 */
export function continueEpoch(epoch: string, top: number, id: string): string {
  return [...epoch.split('~'), `${top}.${id}`]
    .slice(-maxParts)
    .map((part, i) => (i === 0 ? idOf(part) : part))
    .join('~');
}

/** Why a position cannot be continued. */
export type BreakReason = 'epoch-changed' | 'truncated' | 'trimmed';

/** A log, and what is retained of it: the offsets from `floor + 1` to `top`. Default: all that it ever held. */
export interface LogExtent {
  readonly epoch: string;
  readonly floor?: number;
  readonly top?: number;
}

/**
 * Why the log does not continue the position: `epoch-changed`, it is another log; `truncated`, it lost operations that lie before the
 * position; `trimmed`, it no longer retains operations that come after it. Undefined when it does continue it: it has all of what lies
 * before the position and retains all that comes after (SUB-4, EPOCH-2).
 */
export function breakOf(
  { epoch: from, offset }: Position,
  { epoch, floor = 0, top = Infinity }: LogExtent,
): BreakReason | undefined {
  const shared = from === epoch ? Infinity : lastShared(epoch, from);
  if (shared === undefined) return 'epoch-changed';
  if (offset > shared || offset > top) return 'truncated';
  return offset < floor ? 'trimmed' : undefined;
}

/** The log named `epoch` went on as `other`: whoever still tells of it is behind. */
export function isOutdated(epoch: string, other: string): boolean {
  return epoch !== other && readParts(other).some(({ id }) => id === headOf(epoch));
}

/**
 * The last operation that both logs have. Where each went on from one that is older than both, it is of that one.
 * Undefined: they have none in common, or too much came between.
 */
export function lastShared(epoch: string, other: string): number | undefined {
  const parts = readParts(epoch);
  let shared = Infinity;
  for (const { id, after } of readParts(other).toReversed()) {
    const at = parts.findIndex((part) => part.id === id);
    if (at >= 0) return Math.min(shared, ...parts.slice(at + 1).map((part) => part.after));
    shared = Math.min(shared, after);
  }
  return undefined;
}

function readParts(epoch: string): readonly Part[] {
  return epoch.split('~').map((part) => ({ id: idOf(part), after: Number(part.slice(0, part.indexOf('.'))) }));
}

function headOf(epoch: string): string {
  return idOf(epoch.slice(epoch.lastIndexOf('~') + 1));
}

function idOf(part: string): string {
  return part.slice(part.indexOf('.') + 1);
}
