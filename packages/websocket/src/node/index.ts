export { createNodePorts, type NodePortsOptions } from './node-ports.js';
export { openConnection, type OpenConnectionOptions } from './open-connection.js';
