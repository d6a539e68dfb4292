import { encodeFrame, encodeTextFrame, encodeUtf8 } from '../frames/frame.js';
import { deflateMessage } from '../frames/message-deflate.js';
import { OPCODE } from '../frames/opcodes.js';
import type { WebSocketPorts } from '../ports.js';

/**
 * A message for many connections of a server: encoded at most once plain and once compressed, whatever their number, when it
 * is first asked for. Neither `data` nor the frames handed out may be changed.
 */
export class SharedMessage {
  readonly #data: string | Uint8Array;
  readonly #ports: WebSocketPorts;
  #plain: Uint8Array | undefined;
  /** Null: compressing it did not make it smaller. */
  #deflated: Uint8Array | null | undefined;
  #payloadBytes: number | undefined;

  constructor(data: string | Uint8Array, ports: WebSocketPorts) {
    this.#data = data;
    this.#ports = ports;
  }

  get payloadBytes(): number {
    const data = this.#data;
    return (this.#payloadBytes ??= typeof data === 'string' ? this.#ports.utf8Length(data) : data.length);
  }

  /** The frame for any connection. */
  plain(): Uint8Array {
    const data = this.#data;
    this.#plain ??=
      typeof data === 'string'
        ? encodeTextFrame(data, this.#ports)
        : encodeFrame(OPCODE.binary, data, undefined, this.#ports);
    return this.#plain;
  }

  /**
   * The frame for connections that agreed on permessage-deflate without context takeover of the server, or undefined where
   * the plain one must do. It is compressed with the full window; a peer with a smaller one can read it all the same when
   * the whole message fits into its window.
   */
  deflated(windowBits: number): Uint8Array | undefined {
    const port = this.#ports.compression;
    if (port === undefined || (windowBits < 15 && this.payloadBytes > 1 << windowBits)) return undefined;
    if (this.#deflated === undefined) this.#deflated = this.#deflate(port);
    return this.#deflated ?? undefined;
  }

  #deflate(port: NonNullable<WebSocketPorts['compression']>): Uint8Array | null {
    const data = this.#data;
    const isText = typeof data === 'string';
    const bytes = isText ? encodeUtf8(data, this.#ports) : data;
    const payload = deflateMessage(port, bytes, 15);
    if (payload.length >= bytes.length) return null;
    return encodeFrame(isText ? OPCODE.text : OPCODE.binary, payload, { rsv1: true }, this.#ports);
  }
}
