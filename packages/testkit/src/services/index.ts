export { type Daemon, findFreePort, startDaemon } from './daemon.js';
export { type Direction, FaultLeg } from './fault-leg.js';
export { FaultLink } from './fault-link.js';
export { type NatsCluster, type NatsServer, startNats, startNatsCluster } from './nats.js';
