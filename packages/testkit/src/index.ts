export type { Checker, Invariant, Violation } from './checking/checker.js';
export { facade } from './facade.js';
export { type OddValue, oddValues, takenOddValues } from './odd-values.js';
export type { Profile, StoreKind } from './simulation/profile.js';
export { type BugVerdict, findBug } from './planted/find-bug.js';
export { type PlantedBug, plantedBugs } from './planted/planted-bugs.js';
export type { Sabotage } from './simulation/sabotage.js';
export { type SimulationOptions, type SimulationResult, simulate } from './simulation/simulation.js';
