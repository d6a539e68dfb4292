export type { Checker, Invariant, Violation } from './checker.js';
export { FakeNetwork, type Access, type FrameTamper, type Listener, type NetworkOptions } from './fake-network.js';
export { type Breakage, FakeLink } from './fake-link.js';
export { Host } from './host.js';
export type { Profile, StoreKind } from './profile.js';
export { Random } from './random.js';
export type { Sabotage } from './sabotage.js';
export { type SimulationOptions, type SimulationResult, simulate } from './simulation.js';
export { type Scheduled, VirtualClock } from './virtual-clock.js';
