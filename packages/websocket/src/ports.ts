// Functions that the host lends, since this package imports nothing. `@longwave/websocket/node` is the implementation
// for Node.

/** Text to bytes and back. */
export interface TextPort {
  /** MUST return the length of `text` in UTF-8, a lone surrogate counted as U+FFFD (3 bytes). */
  utf8Length(text: string): number;
  /** MUST write exactly `utf8Length(text)` bytes at `offset`. */
  writeUtf8(text: string, target: Uint8Array, offset: number): void;
  /** Is only ever given valid UTF-8. MUST NOT strip a byte order mark. */
  decodeUtf8(bytes: Uint8Array, start: number, end: number): string;
  /** Optional, faster than the built-in check for long text. MUST be strict: no surrogates, no overlong forms. */
  isUtf8?(bytes: Uint8Array): boolean;
  /** Optional: uninitialised memory for outgoing frames. MUST be writable and not handed out twice. */
  allocate?(byteLength: number): Uint8Array;
}

export interface CryptoPort {
  /** SHA-1 of an ASCII string, in base64 (RFC 6455 §4.2.2: the accept key). */
  sha1Base64(text: string): string;
  /** MUST come from a strong source of entropy: mask keys must not be predictable (RFC 6455 §5.3). */
  randomBytes(byteLength: number): Uint8Array;
}

export interface InflateOptions {
  /** The output that precedes this stream; at most 2 ** windowBits bytes. */
  readonly dictionary: Uint8Array | undefined;
  /** 8–15. */
  readonly windowBits: number;
  /** The bound, inclusive. */
  readonly maxOutputBytes: number;
}

export interface InflatedStream {
  /** Memory that nobody else holds. */
  readonly output: Uint8Array;
  /** How many bytes of the input the stream took: the rest follows its last block. */
  readonly consumed: number;
}

export interface DeflateOptions {
  readonly dictionary: Uint8Array | undefined;
  /** 9–15: zlib has no raw DEFLATE with a window of 2 ** 8, so it is never asked for. */
  readonly windowBits: number;
}

/** Raw DEFLATE (RFC 1951), synchronous: a message's events stay in the order of its bytes. */
export interface CompressionPort {
  /** MUST compress all of `data` and end with a sync flush, that is with the bytes 00 00 ff ff. */
  deflate(data: Uint8Array, options: DeflateOptions): Uint8Array;
  /**
   * Inflates one complete stream, up to and with its BFINAL block. MUST stop as soon as the output would pass
   * `maxOutputBytes`, and MUST NOT throw for bad input: a stream that is corrupt or that does not end is `malformed`.
   */
  inflate(data: Uint8Array, options: InflateOptions): InflatedStream | 'malformed' | 'too-large';
}

export interface WebSocketPorts extends TextPort, CryptoPort {
  /** Absent: permessage-deflate cannot be used. */
  readonly compression?: CompressionPort;
}
