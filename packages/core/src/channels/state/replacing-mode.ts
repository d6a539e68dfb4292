import {
  LongwaveError,
  type Operation,
  type Payload,
  decodePayload,
  encodePayload,
  isRemoval,
  mergePatch,
} from '@longwave/protocol';
import { composePatches } from './compose-patches.js';
import type { Mode, Modes } from './mode.js';

/** The common part of `map` and `value`: a change sets a value or patches it, and the last one counts. */
function replacingMode(keyed: boolean): Mode {
  return {
    keyed,
    fold: (before, kind, change) => (kind === 'put' ? change : patched(before, change)),
    merge: (earlier, later) => ({ ...later, delta: mergedDelta(earlier, later) }),
  };
}

function patched(before: Payload | undefined, patch: Payload): Payload {
  if (typeof patch !== 'string' || before instanceof Uint8Array) {
    throw new LongwaveError('invalid-data', 'Only JSON can be patched.');
  }
  return encodePayload(mergePatch(before === undefined ? undefined : decodePayload(before), decodePayload(patch)));
}

/** Merges two patches into one, if that is possible and shorter. */
function mergedDelta(earlier: Operation, later: Operation): Payload | undefined {
  if (isRemoval(later.kind) || typeof earlier.delta !== 'string' || typeof later.delta !== 'string') return undefined;
  const patch = composePatches(decodePayload(earlier.delta), decodePayload(later.delta));
  if (patch === undefined) return undefined;
  const delta = JSON.stringify(patch);
  return delta.length < later.payload.length ? delta : undefined;
}

/** The modes that channels have unless an engine is given more. */
export const standardModes: Modes = { map: replacingMode(true), value: replacingMode(false) };
