import type { Reset, ResetReason, Subscribe } from '@longwave/protocol';
import type { Bounds } from './ports.js';

/** Where a subscription begins, and why not where it asked. */
export interface Start {
  readonly offset: number;
  readonly reset?: ResetReason | undefined;
}

/** SUB-1, SUB-4, SUB-5: the start that a `subscribe` asks for, given what is retained. */
export function resolveStart({ epoch, offset, last }: Subscribe, bounds: Bounds): Start {
  if (epoch === undefined || offset === undefined) {
    return { offset: last === undefined ? bounds.top : lastOf(bounds, last) };
  }
  const reset = brokenBy(epoch, offset, bounds);
  return reset ? { offset: freshStart(bounds, last), reset } : { offset };
}

export function resetFrame(channel: string, reason: ResetReason, bounds: Bounds, last: number | undefined): Reset {
  return { type: 'reset', channel, reason, epoch: bounds.epoch, offset: freshStart(bounds, last) };
}

function brokenBy(epoch: string, offset: number, bounds: Bounds): ResetReason | undefined {
  if (epoch !== bounds.epoch) return 'epoch-changed';
  if (offset > bounds.top) return 'truncated';
  if (offset < bounds.floor) return 'trimmed';
  return undefined;
}

/** Before all that is retained, or before the last n when that is what the subscription once asked for. */
function freshStart(bounds: Bounds, last: number | undefined): number {
  return last === undefined ? bounds.floor : lastOf(bounds, last);
}

function lastOf({ floor, top }: Bounds, last: number): number {
  return Math.max(floor, top - last);
}
