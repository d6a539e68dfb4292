import type { SendOptions } from '@longwave/websocket';

/** Bytes that a plain WebSocket endpoint received or sent, for its option `trace`. They are a copy. */
export interface WireEvent {
  readonly direction: 'in' | 'out';
  readonly bytes: Uint8Array;
}

/**
 * A plain WebSocket, for those who bring their own protocol. While the peer does not read what it is sent, it is not
 * read from either.
 */
export interface WebSocketPeer {
  /** Text as a string, binary as bytes of the handler's own. */
  onMessage: ((data: string | Uint8Array) => void) | undefined;
  /** Once, after which nothing comes. 1005: no code was given; 1006: the transport broke. */
  onClose: ((code: number, reason: string) => void) | undefined;
  onPong: ((payload: Uint8Array) => void) | undefined;
  /** The bytes sent have left, after a `send` that returned false. */
  onDrain: (() => void) | undefined;
  /** The subprotocol that was agreed on. */
  readonly protocol: string | undefined;
  readonly open: boolean;
  readonly bufferedBytes: number;
  /** False: the peer is slow, `onDrain` will be called. Does nothing once the connection is closing. */
  send(data: string | Uint8Array, options?: SendOptions): boolean;
  /**
   * Sends frames that were encoded before, once for many peers: bytes that may be cut anywhere, and are not changed any more. As
   * `send`.
   */
  sendFrames(parts: readonly Uint8Array[]): boolean;
  /** Stops reading from the peer, until it is called with false. */
  hold(held: boolean): void;
  ping(payload?: Uint8Array): boolean;
  /** Begins the closing handshake. Throws `WebSocketError` for a code that may not be sent. */
  close(code?: number, reason?: string): void;
  /** Ends the connection without a handshake. */
  terminate(): void;
}
