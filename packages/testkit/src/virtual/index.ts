export { Host, type Pace, exact } from '../checking/host.js';
export { type Breakage, FakeLink } from '../network/fake-link.js';
export {
  type Access,
  type Dialling,
  FakeNetwork,
  type FrameTamper,
  type Listener,
  type NetworkOptions,
} from '../network/fake-network.js';
export { Random } from '../random.js';
export { type Scheduled, VirtualClock } from '../virtual-clock.js';
