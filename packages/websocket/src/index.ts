export { CLOSE_CODE, isWireCloseCode } from './frames/close-codes.js';
export {
  ClientHandshake,
  type ClientHandshakeOptions,
  type ClientHandshakeResult,
} from './handshake/client-handshake.js';
export { acceptConnect, type ConnectAccepted, type ConnectRefused } from './handshake/connect-handshake.js';
export {
  type ConnectionHandler,
  type ConnectionTransport,
  type SendOptions,
  WebSocketConnection,
} from './connection/connection.js';
export {
  type ConnectionOptions,
  type ConnectionSettings,
  createConnectionSettings,
} from './frames/connection-settings.js';
export type { ConnectionState } from './connection/connection-state.js';
export type { DeflateAgreement, DeflateWish } from './handshake/deflate-negotiation.js';
export { encodeFrame, encodeTextFrame } from './frames/frame.js';
export { type FrameFlags, frameHeaderLength, writeFrameHeader } from './frames/frame-header.js';
export type { HeaderFields } from './handshake/headers.js';
export { OPCODE, type Opcode } from './frames/opcodes.js';
export type {
  CompressionPort,
  CryptoPort,
  DeflateOptions,
  InflatedStream,
  InflateOptions,
  TextPort,
  WebSocketPorts,
} from './ports.js';
export { parseRequestHead, type RequestHead } from './handshake/request-head.js';
export type { Role } from './frames/role.js';
export {
  acceptHandshake,
  type AcceptOptions,
  type HandshakeAccepted,
  type HandshakeRefused,
  type HandshakeRequest,
} from './handshake/server-handshake.js';
export { SharedMessage } from './connection/shared-message.js';
export { WebSocketError, type WebSocketErrorCode } from './websocket-error.js';
