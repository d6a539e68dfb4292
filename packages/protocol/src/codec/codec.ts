import type { BadFrame, ClientFrame, ReceivedFrame, ServerFrame } from './frames.js';
import { base64UrlEncode } from '../values/base64.js';
import { utf8Encode } from '../values/utf8.js';

/** A string travels as a text message, bytes as a binary one. */
export type Encoded = string | Uint8Array;

/** Frames to messages and back. Stateless: one codec serves any number of connections. */
export interface Codec<Out, In> {
  readonly name: CodecName;
  encode(frame: Out): Encoded;
  /** As `encode`, for who copies the message at once: its bytes are good until the codec is used again. */
  encodeBriefly?(frame: Out): Encoded;
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

/** In front of the first message of a client, where the opening request carries it (WIRE-17). */
export const firstPrefix = 'longwave.first.';
/** Added to the subprotocol of a codec: chosen by a server that has taken the message. */
export const firstSuffix = '.first';
/** Bytes of a message that an opening request may carry: with what else is in it, it stays below what proxies take of a request. */
export const firstBytes = 3072;

/** Messages that a client sends before its WebSocket is open (WIRE-17). */
export class Greeting {
  /** The codec's. */
  readonly protocol: string;
  readonly #messages: Encoded[] = [];

  constructor(codec: CodecName) {
    this.protocol = subprotocols[codec];
  }

  add(message: Encoded): void {
    this.#messages.push(message);
  }

  /**
   * Runs `open` after the microtask in which the client gives the messages that may go with the request. `failed` gets what it throws.
   */
  whenGiven(open: () => void, failed: (error: unknown) => void): void {
    Promise.resolve()
      .then(() => undefined)
      .then(open)
      .catch(failed);
  }

  /** Values of Sec-WebSocket-Protocol: with the first message among them if `early`, and it is there and not too large. */
  offer(early: boolean): string[] {
    const [first] = this.#messages;
    if (!early || first === undefined) return [this.protocol];
    const bytes = typeof first === 'string' ? utf8Encode(first) : first;
    if (bytes.length > firstBytes) return [this.protocol];
    const text = base64UrlEncode(bytes);
    // The plain one first: whoever looks at no more than that has not read the message.
    return [this.protocol, this.protocol + firstSuffix, firstPrefix + text];
  }

  /** The messages to send, once the connection is open and the server has chosen a subprotocol. */
  rest(chosen: string | undefined): Encoded[] {
    return chosen?.endsWith(firstSuffix) ? this.#messages.slice(1) : this.#messages;
  }
}
