export type { CountedDialect } from './counted-dialect.js';
export {
  type HocuspocusDialect,
  type HocuspocusOptions,
  type StatelessMessage,
  hocuspocus,
} from './hocuspocus/hocuspocus.js';
export { type YWebsocketOptions, yWebsocket } from './y-websocket/y-websocket.js';
export type { DialectCounts } from './sockets/editor.js';
export type { DialectOptions } from './options.js';
