import type { BadFrame, ClientFrame, ReceivedFrame, ServerFrame } from './frames.js';

/** A string travels as a text message, bytes as a binary one. */
export type Encoded = string | Uint8Array;

/** Frames to messages and back. Stateless: one codec serves any number of connections. */
export interface Codec<Out, In> {
  readonly name: CodecName;
  encode(frame: Out): Encoded;
  /** One message that carries the frames of `parts` in their order. */
  join(parts: readonly Encoded[]): Encoded;
  /**
   * The frames of one message. Never throws: what cannot be read becomes a {@link BadFrame} in its
   * place, and the frames around it are kept where their borders can be told.
   */
  decode(message: Encoded): (In | BadFrame)[];
}

export type CodecName = 'json' | 'binary';
export type ClientCodec = Codec<ClientFrame, ReceivedFrame>;
export type ServerCodec = Codec<ServerFrame, ClientFrame>;

/** Values of Sec-WebSocket-Protocol (RFC 6455 §1.9), the preferred first (WIRE-2). */
export const subprotocols: Readonly<Record<CodecName, string>> = {
  json: 'longwave.v1.json',
  binary: 'longwave.v1.binary',
};
