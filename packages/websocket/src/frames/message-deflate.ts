import type { DeflateAgreement } from '../handshake/deflate-negotiation.js';
import type { CompressionPort } from '../ports.js';
import type { Role } from './role.js';

// Compression of whole messages (RFC 7692 §7.2). The context that may be taken over from message to message is the last
// 2 ** bits bytes of output (§7.2.1); kept as plain bytes and given back as a dictionary, it replaces a zlib object of
// 64–256 KiB per connection, and costs nothing where no context is taken over.

/** Bytes at the end of a sync flush; the sender removes them (§7.2.1), the receiver puts them back (§7.2.2). */
const FLUSH_TAIL_BYTES = 4;
/**
 * The tail, and a last empty block (BFINAL=1, fixed codes): with it the message is a complete DEFLATE stream, so that an
 * inflater cannot take data cut off inside a block for a message.
 */
const STREAM_END = Uint8Array.of(0x00, 0x00, 0xff, 0xff, 0x03, 0x00);
/**
 * A sender may set BFINAL (§7.2.3.4), which begins a new stream inside the message. Each one costs a call of the port, so
 * their number is bounded: no compressor in use makes more than one a message, an attacker could make one every 3 bytes.
 */
const MAX_STREAMS = 16;
const EMPTY = new Uint8Array(0);

export class MessageDeflate {
  readonly #port: CompressionPort;
  readonly #agreement: DeflateAgreement;
  readonly #role: Role;
  #sentWindow: Uint8Array | undefined;
  #receivedWindow: Uint8Array | undefined;

  constructor(port: CompressionPort, agreement: DeflateAgreement, role: Role) {
    this.#port = port;
    this.#agreement = agreement;
    this.#role = role;
  }

  get retainedBytes(): number {
    return (this.#sentWindow?.length ?? 0) + (this.#receivedWindow?.length ?? 0);
  }

  /** The window this end compresses with. */
  get sendWindowBits(): number {
    return this.#role === 'server' ? this.#agreement.serverMaxWindowBits : this.#agreement.clientMaxWindowBits;
  }

  /** Whether each message this end sends stands for itself, so that its bytes may be shared. */
  get sendsIndependently(): boolean {
    return this.#role === 'server' ? this.#agreement.serverNoContextTakeover : this.#agreement.clientNoContextTakeover;
  }

  /** Undefined: the message is better sent as it is, which RFC 7692 §6 allows for any message. */
  compress(data: Uint8Array): Uint8Array | undefined {
    const windowBits = this.sendWindowBits;
    // zlib cannot be held to a window of 256 bytes (it takes 9 for 8), so such a peer gets no compressed messages.
    if (windowBits < 9) return undefined;
    const out = deflateMessage(this.#port, data, windowBits, this.#sentWindow);
    if (out.length >= data.length) return undefined;
    if (!this.sendsIndependently) this.#sentWindow = slide(this.#sentWindow, data, windowBits);
    return out;
  }

  decompress(data: Uint8Array, maxOutputBytes: number): Uint8Array | 'malformed' | 'too-large' {
    // A flush of nothing: §7.2.3.6 wants a 0x00 here, zlib-based peers that flush twice send no byte at all.
    if (data.length === 0) return EMPTY;
    const server = this.#role === 'server';
    const windowBits = server ? this.#agreement.clientMaxWindowBits : this.#agreement.serverMaxWindowBits;
    const output = inflateMessage(this.#port, data, windowBits, this.#receivedWindow, maxOutputBytes);
    if (typeof output === 'string') return output;
    const independent = server ? this.#agreement.clientNoContextTakeover : this.#agreement.serverNoContextTakeover;
    if (!independent) this.#receivedWindow = slide(this.#receivedWindow, output, windowBits);
    return output;
  }
}

/** One message's compressed payload (RFC 7692 §7.2.1). */
export function deflateMessage(
  port: CompressionPort,
  data: Uint8Array,
  windowBits: number,
  dictionary?: Uint8Array,
): Uint8Array {
  if (data.length === 0) return Uint8Array.of(0); // §7.2.3.6
  const flushed = port.deflate(data, { dictionary, windowBits });
  return flushed.subarray(0, flushed.length - FLUSH_TAIL_BYTES);
}

function inflateMessage(
  port: CompressionPort,
  data: Uint8Array,
  windowBits: number,
  window: Uint8Array | undefined,
  maxOutputBytes: number,
): Uint8Array | 'malformed' | 'too-large' {
  let rest: Uint8Array = new Uint8Array(data.length + STREAM_END.length);
  rest.set(data);
  rest.set(STREAM_END, data.length);
  let output: Uint8Array = EMPTY;
  let dictionary = window;
  for (let count = 1; count <= MAX_STREAMS; count++) {
    const stream = port.inflate(rest, { dictionary, windowBits, maxOutputBytes: maxOutputBytes - output.length });
    if (typeof stream === 'string') return stream;
    output = join(output, stream.output);
    if (rest.length - stream.consumed <= STREAM_END.length) return output;
    rest = rest.subarray(stream.consumed);
    dictionary = slide(window, output, windowBits);
  }
  return 'malformed';
}

function join(head: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.length === 0) return tail;
  if (tail.length === 0) return head;
  const joined = new Uint8Array(head.length + tail.length);
  joined.set(head);
  joined.set(tail, head.length);
  return joined;
}

/** The last 2 ** bits bytes of `window` followed by `data`, as memory of its own. */
function slide(window: Uint8Array | undefined, data: Uint8Array, bits: number): Uint8Array {
  const size = 1 << bits;
  const fromData = Math.min(size, data.length);
  const kept = Math.min(size - fromData, window?.length ?? 0);
  const slid = new Uint8Array(kept + fromData);
  if (window !== undefined && kept > 0) slid.set(window.subarray(window.length - kept));
  slid.set(data.subarray(data.length - fromData), kept);
  return slid;
}
