export { createNodePorts, type NodePortsOptions } from './node-ports.js';
