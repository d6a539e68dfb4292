export { type Daemon, findFreePort, startDaemon } from './daemon.js';
export { type NatsCluster, type NatsServer, startNats, startNatsCluster } from './nats.js';
