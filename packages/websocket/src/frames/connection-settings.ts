import type { WebSocketPorts } from '../ports.js';
import type { Role } from './role.js';
import { WebSocketError } from '../websocket-error.js';

export interface ConnectionOptions {
  readonly role: Role;
  readonly ports: WebSocketPorts;
  /**
   * Bytes of a message, inclusive; default 16 MiB. With compression both the compressed and the inflated bytes are held to
   * it, the latter while inflating. A message of more closes with 1009.
   */
  readonly maxMessageBytes?: number;
  /** Bytes of one frame's payload, inclusive; default `maxMessageBytes`. A frame of more closes with 1009. */
  readonly maxFrameBytes?: number;
  /**
   * How a binary message is handed over. `copy` (default): memory of the handler's own. `view`: a message that lies in one
   * chunk is a view of that chunk; fast for large messages, but it keeps the chunk alive and is only safe when the host
   * does not use the chunk's memory again.
   */
  readonly binary?: 'copy' | 'view';
  /** With permessage-deflate agreed: messages of at least this many bytes are compressed; default 1024. */
  readonly compressFromBytes?: number;
}

/** The options of many connections, checked and completed once: a connection holds one reference to them. */
export type ConnectionSettings = Required<ConnectionOptions>;

const DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** Throws `bad-option`. */
export function createConnectionSettings(options: ConnectionOptions): ConnectionSettings {
  const maxMessageBytes = options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
  const settings: ConnectionSettings = {
    role: options.role,
    ports: options.ports,
    maxMessageBytes,
    maxFrameBytes: options.maxFrameBytes ?? maxMessageBytes,
    binary: options.binary ?? 'copy',
    compressFromBytes: options.compressFromBytes ?? 1024,
  };
  for (const name of ['maxMessageBytes', 'maxFrameBytes', 'compressFromBytes'] as const) {
    if (!Number.isSafeInteger(settings[name]) || settings[name] < 0) {
      throw new WebSocketError('bad-option', `${name} must be a whole number of bytes, not ${settings[name]}`);
    }
  }
  return Object.freeze(settings);
}
