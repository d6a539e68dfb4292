export { CLOSE_CODE, isWireCloseCode } from './close-codes.js';
export { ClientHandshake, type ClientHandshakeOptions, type ClientHandshakeResult } from './client-handshake.js';
export { acceptConnect, type ConnectAccepted, type ConnectRefused } from './connect-handshake.js';
export {
  type ConnectionHandler,
  type ConnectionTransport,
  type SendOptions,
  WebSocketConnection,
} from './connection.js';
export { type ConnectionOptions, type ConnectionSettings, createConnectionSettings } from './connection-settings.js';
export type { ConnectionState } from './connection-state.js';
export type { DeflateAgreement, DeflateWish } from './deflate-negotiation.js';
export { encodeFrame, encodeTextFrame } from './frame.js';
export { type FrameFlags, frameHeaderLength, writeFrameHeader } from './frame-header.js';
export type { HeaderFields } from './headers.js';
export { OPCODE, type Opcode } from './opcodes.js';
export type {
  CompressionPort,
  CryptoPort,
  DeflateOptions,
  InflatedStream,
  InflateOptions,
  TextPort,
  WebSocketPorts,
} from './ports.js';
export { parseRequestHead, type RequestHead } from './request-head.js';
export type { Role } from './role.js';
export {
  acceptHandshake,
  type AcceptOptions,
  type HandshakeAccepted,
  type HandshakeRefused,
  type HandshakeRequest,
} from './server-handshake.js';
export { SharedMessage } from './shared-message.js';
export { WebSocketError, type WebSocketErrorCode } from './websocket-error.js';
