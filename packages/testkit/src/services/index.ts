export { type Daemon, findFreePort, startDaemon } from './daemon.js';
