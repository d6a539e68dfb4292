import { LongwaveError, type Position } from '@longwave/protocol';
import type { Bounds } from '../base/ports.js';
import { fault } from '../base/fault.js';

/** Throws `epoch-changed` or `trimmed` where the log does not retain the operation at `position`, in this very epoch. */
export function requireRetained({ epoch, offset }: Position, bounds: Bounds): void {
  if (epoch !== bounds.epoch) throw fault('epoch-changed');
  if (offset > bounds.floor && offset <= bounds.top) return;
  throw new LongwaveError(
    'trimmed',
    `There is no message ${offset}: the log retains ${bounds.floor + 1} to ${bounds.top}.`,
  );
}
