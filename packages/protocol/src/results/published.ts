import type { Durability } from '../codes.js';
import type { Position } from '../position.js';

/** What a publish or a change resolves with, on a client as on the server. */
export interface Published {
  /** Where it is stored: the offset is the version of the entry that a change made. */
  readonly position: Position;
  /** True when it had been stored before, at `position`. */
  readonly duplicate: boolean;
  /** What it survives (G4). */
  readonly durability: Durability;
}
