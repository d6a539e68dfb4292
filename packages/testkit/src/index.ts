export type { Checker, Invariant, Violation } from './checking/checker.js';
export {
  FakeNetwork,
  type Access,
  type FrameTamper,
  type Listener,
  type NetworkOptions,
} from './network/fake-network.js';
export { type Breakage, FakeLink } from './network/fake-link.js';
export { Host } from './checking/host.js';
export { type OddValue, oddValues, takenOddValues } from './odd-values.js';
export type { Profile, StoreKind } from './simulation/profile.js';
export { type BugVerdict, findBug } from './planted/find-bug.js';
export { type PlantedBug, plantedBugs } from './planted/planted-bugs.js';
export { Random } from './random.js';
export type { Sabotage } from './simulation/sabotage.js';
export { type SimulationOptions, type SimulationResult, simulate } from './simulation/simulation.js';
export { type Scheduled, VirtualClock } from './virtual-clock.js';
