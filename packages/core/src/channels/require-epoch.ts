import { type History, breakOf } from '@longwave/protocol';
import type { Bounds } from '../base/ports.js';
import { fault } from '../base/fault.js';

/** Throws `epoch-changed` where what is asked for is not in the log that there is, nor in one that it continues (HIS-1). */
export function requireEpoch({ epoch, after, before }: Pick<History, 'epoch' | 'after' | 'before'>, log: Bounds): void {
  if (epoch === undefined) return;
  const offset = after ?? (before === undefined ? 0 : before - 1);
  if (breakOf({ epoch, offset }, { epoch: log.epoch })) throw fault('epoch-changed');
}
