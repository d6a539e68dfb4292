import { type ResetReason, type Subscribe, breakOf, isOutdated } from '@longwave/protocol';
import { fault } from '../base/fault.js';
import type { Bounds } from '../base/ports.js';

/** The fields of a `subscribe` that say where it wants to begin. */
type AskedStart = Pick<Subscribe, 'epoch' | 'offset' | 'last' | 'fresh' | 'scope'>;

/** Where a subscription begins, and why not where it asked. */
export interface Start {
  readonly offset: number;
  readonly reset?: ResetReason | undefined;
  /** For a state: the receiver has nothing of it. */
  readonly fresh?: boolean;
}

/**
 * STATE-1, SUB-4: state is resumed from wherever it can be, and begins at 0 otherwise. `scope`: of what may be seen
 * now. A position made with another one says nothing of what lies before it (VIEW-9).
 */
export function resolveStateStart({ epoch, offset, ...asked }: AskedStart, bounds: Bounds, scope?: string): Start {
  if (epoch === undefined || offset === undefined) return { offset: 0, fresh: true };
  // Removals since then may be forgotten: in that case the state is replaced, and continuity is proven all the same.
  const reset = breakFrom(epoch, offset, { ...bounds, floor: 0 });
  return reset ? { offset: 0, reset, fresh: true } : { offset, fresh: asked.fresh === true || asked.scope !== scope };
}

/** SUB-1, SUB-4, SUB-5: the start that a `subscribe` asks for, given what is retained. */
export function resolveStart({ epoch, offset, last }: AskedStart, bounds: Bounds): Start {
  if (epoch === undefined || offset === undefined) {
    return { offset: last === undefined ? bounds.top : lastOf(bounds, last) };
  }
  const reset = breakFrom(epoch, offset, bounds);
  return reset ? { offset: freshStart(bounds, last), reset } : { offset };
}

function breakFrom(epoch: string, offset: number, bounds: Bounds): ResetReason | undefined {
  // If our epoch is an ancestor of the client's, this node lags: let the client retry.
  if (isOutdated(bounds.epoch, epoch)) throw fault('unavailable');
  return breakOf({ epoch, offset }, bounds);
}

/** Before all that is retained, or before the last n when that is what the subscription once asked for. */
export function freshStart(bounds: Bounds, last: number | undefined): number {
  return last === undefined ? bounds.floor : lastOf(bounds, last);
}

function lastOf({ floor, top }: Bounds, last: number): number {
  return Math.max(floor, top - last);
}
