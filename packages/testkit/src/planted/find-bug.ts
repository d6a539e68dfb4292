import type { Invariant } from '../checking/checker.js';
import type { PlantedBug } from './planted-bugs.js';
import { simulate } from '../simulation/simulation.js';

export interface BugVerdict {
  readonly bug: PlantedBug;
  /** The first seed that caught it, counted from 1; undefined when none did. */
  readonly seeds: number | undefined;
  readonly invariant: Invariant | undefined;
  readonly message: string | undefined;
  /** True when the checker saw exactly the expected violation. */
  readonly asExpected: boolean;
}

/** Runs seeds with the bug planted until one is caught, or for as many as it may take. */
export async function findBug(bug: PlantedBug): Promise<BugVerdict> {
  for (let seed = 1; seed <= bug.withinSeeds; seed++) {
    const { violations } = await simulate({ seed, sabotage: bug.sabotage, store: bug.store });
    const [violation] = violations;
    if (!violation) continue;
    const { invariant, subject, message } = violation;
    const asExpected = bug.caughtBy?.includes(invariant) ?? false;
    return { bug, seeds: seed, invariant, message: `${subject}: ${message}`, asExpected };
  }
  return { bug, seeds: undefined, invariant: undefined, message: undefined, asExpected: bug.caughtBy === undefined };
}
