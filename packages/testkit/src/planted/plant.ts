import type { MessageFrame, ServerFrame } from '@longwave/protocol';
import type { Store } from '@longwave/core';
import type { Invariant } from '../checking/checker.js';
import { facade } from '../facade.js';
import type { Random } from '../random.js';
import type { Sabotage } from '../simulation/sabotage.js';
import type { StoreKind } from '../simulation/profile.js';

/** A bug that the simulation plants at a port, to see whether it is caught. */
export interface PlantedBug {
  readonly name: string;
  /** The fault that the product would have. */
  readonly story: string;
  /**
   * Which invariant catches it. `needless`: the client's own check notices and repairs, and the simulator
   * knows that there was nothing to repair. Undefined: the client absorbs it, and no application sees it.
   */
  readonly caughtBy: readonly Invariant[] | undefined;
  /** Runs in which it is surely caught. */
  readonly withinSeeds: number;
  readonly store?: StoreKind;
  readonly sabotage: Sabotage;
}

/** A frame that does nothing: what is lost is replaced by it. */
export const nothing: ServerFrame = { type: 'pong' };
/** Documents have bugs of their own: they are read otherwise, and checked otherwise. */
export const isOfLog = (frame: ServerFrame): boolean => !('channel' in frame) || !frame.channel.startsWith('doc/');
export const isMessage = (frame: ServerFrame): frame is MessageFrame => frame.type === 'message' && isOfLog(frame);

/** Changes the frames to the client one at a time. */
export function toClient(change: (frame: ServerFrame, random: Random, link: object) => ServerFrame): Sabotage {
  return { frames: (random) => ({ toClient: (frame, link) => change(frame, random, link) }) };
}

/** A store that is `store` but for its appends to logs. */
export function withAppend(append: (store: Store, random: Random) => Store['append']): Sabotage {
  return {
    store: (store, random) => {
      const changed = append(store, random);
      return facade(store, {
        append: (channel, operation, keep) =>
          'keys' in keep ? store.append(channel, operation, keep) : changed(channel, operation, keep),
      });
    },
  };
}
