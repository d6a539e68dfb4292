import type { Durability } from '../codes.js';
import type { Position } from '../position.js';

/** The result of a publish or a change, the same on a client and on the server. */
export interface Published {
  /** Where it is stored: the offset is the version of the entry that a change made. */
  readonly position: Position;
  /** True when it had been stored before, at `position`. */
  readonly duplicate: boolean;
  /** The failures that it survives (G4). */
  readonly durability: Durability;
}
