export { type NodeRequest, type NodeRequestEvents, type NodeRequestOptions, nodeRequest } from './node-request.js';
export {
  type NodeLink,
  type NodeLinkEvents,
  type NodeTransport,
  type NodeTransportOptions,
  nodeTransport,
} from './node-transport.js';
export { NodeWebSocket, type NodeWebSocketEvents, type NodeWebSocketOptions } from './node-web-socket.js';
