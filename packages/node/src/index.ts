export { consoleLogger } from './host/console-logger.js';
export type { LogLevel } from './host/log-level.js';
export { type Server, createServer } from './server/create-server.js';
export type { LimitOptions } from './server/limit-options.js';
export type { ListenOptions, ServerOptions } from './server/server-options.js';
export { type MemoryOptions, memory } from './host/memory.js';
export type { AllowedHosts } from './gate/host-rule.js';
export type { AllowedOrigins } from './gate/origin-rule.js';
export type { ServerChannel, ServerChannelOf } from './server/server-channel.js';
export type { ServerConnection, ServerUser } from './server/server-user.js';
export type {
  ServerChannelTraits,
  ServerMap,
  ServerValue,
  ServerValueHandler,
  ServerValueWatch,
} from './server/server-state.js';
export type { Dialect, DialectHost, DialectVisit, RunningDialect } from './web-socket/dialect.js';
export type { WebSocketEndpointOptions, WebSocketHandler } from './web-socket/endpoints.js';
export type { WebSocketPeer, WireEvent } from './web-socket/web-socket-peer.js';
export type { HttpApi, HttpApiOptions } from './http-api/http-api.js';
export type { MetricsSnapshot } from './http-api/metrics.js';
