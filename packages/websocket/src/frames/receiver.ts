import type { ConnectionSettings } from './connection-settings.js';
import { headerSize, readPayloadLength } from './frame-header.js';
import { checkFrameStart, lengthViolation, RULES, type Violation } from './frame-rules.js';
import { applyMask, readMaskKey } from './mask.js';
import type { MessageDeflate } from './message-deflate.js';
import { OPCODE } from './opcodes.js';
import { consumed, UnfinishedHeader, UnfinishedMessage, UnfinishedPayload } from './unfinished.js';
import { isValidUtf8 } from './utf8.js';

/**
 * Where a receiver's finds go: one object for all receivers, which is told the owner each time, so that neither a closure
 * per connection nor a public method on the owner is needed. `onControl` gets a view that is good for the length of the call.
 */
export interface ReceiverSink<Owner> {
  onData(owner: Owner, data: string | Uint8Array, isBinary: boolean): void;
  onControl(owner: Owner, opcode: number, payload: Uint8Array): void;
  onViolation(owner: Owner, violation: Violation): void;
}

/**
 * Bytes in, messages and control frames out (RFC 6455 §5, §6.2). Holds nothing while idle. A small message that lies whole
 * in one chunk is the hot path: no object is allocated for it but its own data.
 */
export class Receiver<Owner> {
  readonly #settings: ConnectionSettings;
  readonly #sink: ReceiverSink<Owner>;
  readonly #owner: Owner;
  readonly #deflate: MessageDeflate | undefined;
  #frame: UnfinishedHeader | UnfinishedPayload | undefined = undefined;
  #message: UnfinishedMessage | undefined = undefined;
  #stopped = false;

  constructor(
    settings: ConnectionSettings,
    sink: ReceiverSink<Owner>,
    owner: Owner,
    deflate: MessageDeflate | undefined,
  ) {
    this.#settings = settings;
    this.#sink = sink;
    this.#owner = owner;
    this.#deflate = deflate;
  }

  get unfinishedSince(): number | undefined {
    return this.#message?.startedAt ?? this.#frame?.startedAt;
  }

  get retainedBytes(): number {
    const frame = this.#frame;
    const inFrame =
      frame === undefined ? 0 : frame.kind === 'header' ? frame.bytes.length : (frame.control?.length ?? 0);
    return inFrame + (this.#message?.buffer.length ?? 0);
  }

  /** Reads nothing more and lets go of what is unfinished. */
  stop(): void {
    this.#stopped = true;
    this.#frame = undefined;
    this.#message = undefined;
  }

  /** Unmasks `chunk` in place: it belongs to the receiver from here on. */
  receive(chunk: Uint8Array, now: number): void {
    let offset = 0;
    while (offset < chunk.length && !this.#stopped) {
      const frame = this.#frame;
      if (frame === undefined) offset = this.startFrame(chunk, offset, now);
      else if (frame.kind === 'header') offset = this.continueHeader(frame, chunk, offset);
      else offset = this.continuePayload(frame, chunk, offset);
    }
  }

  private startFrame(chunk: Uint8Array, offset: number, now: number): number {
    const available = chunk.length - offset;
    const first = chunk[offset]!;
    const second = available < 2 ? 0 : chunk[offset + 1]!;
    if (available < 2 || available < headerSize(second)) {
      this.#frame = new UnfinishedHeader(now);
      return this.continueHeader(this.#frame, chunk, offset);
    }
    const broken = this.checkStart(first, second);
    if (broken !== undefined) return this.fail(broken, chunk);
    return this.startPayload(chunk, offset, chunk, offset + headerSize(second), now);
  }

  private continueHeader(header: UnfinishedHeader, chunk: Uint8Array, start: number): number {
    let offset = start;
    const { bytes } = header;
    while (offset < chunk.length) {
      bytes[header.length++] = chunk[offset++]!;
      if (header.length < 2) continue;
      if (header.length === 2) {
        const broken = this.checkStart(bytes[0]!, bytes[1]!);
        if (broken !== undefined) return this.fail(broken, chunk);
      }
      if (header.length === headerSize(bytes[1]!)) {
        this.#frame = undefined;
        return this.startPayload(bytes, 0, chunk, offset, header.startedAt);
      }
    }
    return offset;
  }

  private checkStart(first: number, second: number): Violation | undefined {
    const messageOpen = this.#message !== undefined;
    return checkFrameStart(first, second, this.#settings.role, messageOpen, this.#deflate !== undefined);
  }

  /** The header is whole, at `header[at]`; its payload begins at `chunk[start]`. */
  private startPayload(header: Uint8Array, at: number, chunk: Uint8Array, start: number, now: number): number {
    const first = header[at]!;
    const second = header[at + 1]!;
    const length = readPayloadLength(header, at);
    if (length < 0) return this.fail(lengthViolation(length), chunk);
    const masked = second >= 0x80;
    const key = masked ? readMaskKey(header, at + headerSize(second) - 4) : 0;
    const end = start + length;
    const whole = end <= chunk.length;
    if ((first & 0x08) !== 0) {
      if (whole) return this.finishControl(first & 0x0f, chunk, start, end, key);
      this.#frame = new UnfinishedPayload(now, first, length, masked, key, true);
      return this.continuePayload(this.#frame, chunk, start);
    }
    const { maxFrameBytes, maxMessageBytes } = this.#settings;
    if (length > maxFrameBytes) return this.fail(RULES.frameTooBig, chunk);
    const before = this.#message?.length ?? 0;
    if (before + length > maxMessageBytes) return this.fail(RULES.messageTooBig, chunk);
    if (whole && first >= 0x80 && this.#message === undefined) {
      return this.finishWhole(first, chunk, start, end, masked, key);
    }
    this.#message ??= new UnfinishedMessage(now, (first & 0x0f) === OPCODE.text, (first & 0x40) !== 0);
    const payload = new UnfinishedPayload(now, first, length, masked, key, false);
    // Also for no bytes at all: an empty last fragment finishes its message.
    return this.continuePayload(payload, chunk, start);
  }

  private continuePayload(frame: UnfinishedPayload, chunk: Uint8Array, start: number): number {
    const end = Math.min(chunk.length, start + frame.remaining);
    const { control } = frame;
    if (control !== undefined) {
      const at = control.length - frame.remaining;
      control.set(chunk.subarray(start, end), at);
      applyMask(control, at, at + end - start, frame.key);
      consumed(frame, end - start);
      if (frame.remaining > 0) return end;
      this.#frame = undefined;
      this.#sink.onControl(this.#owner, frame.first & 0x0f, control);
      return end;
    }
    const message = this.#message!;
    const isLast = frame.first >= 0x80;
    const atMost = isLast ? message.length + frame.remaining : Infinity;
    if (!message.append(chunk, start, end, frame.key, atMost)) return this.fail(RULES.notUtf8, chunk);
    consumed(frame, end - start);
    this.#frame = frame.remaining > 0 ? frame : undefined;
    if (frame.remaining === 0 && isLast) this.finishMessage(message);
    return end;
  }

  private finishControl(opcode: number, chunk: Uint8Array, start: number, end: number, key: number): number {
    applyMask(chunk, start, end, key);
    this.#sink.onControl(this.#owner, opcode, chunk.subarray(start, end));
    return end;
  }

  /** The hot path: a message of one frame that lies in one chunk. */
  private finishWhole(
    first: number,
    chunk: Uint8Array,
    start: number,
    end: number,
    masked: boolean,
    key: number,
  ): number {
    // Without a mask nothing has been seen of the bytes, so they are taken to be beyond ASCII.
    const seen = masked ? applyMask(chunk, start, end, key) : 0x80;
    const isText = (first & 0x0f) === OPCODE.text;
    if ((first & 0x40) !== 0) {
      this.inflate(chunk.subarray(start, end), isText);
      return end;
    }
    const { ports, binary } = this.#settings;
    if (!isText) {
      this.#sink.onData(this.#owner, binary === 'view' ? chunk.subarray(start, end) : copyOf(chunk, start, end), true);
      return end;
    }
    if ((seen & 0x80808080) !== 0 && !isValidUtf8(ports, chunk, start, end)) return this.fail(RULES.notUtf8, chunk);
    this.#sink.onData(this.#owner, ports.decodeUtf8(chunk, start, end), false);
    return end;
  }

  private finishMessage(message: UnfinishedMessage): void {
    this.#message = undefined;
    if (message.isCompressed) this.inflate(message.bytes, message.isText);
    else if (!message.isText) this.#sink.onData(this.#owner, message.bytes, true);
    else if (!message.endsWell) this.#sink.onViolation(this.#owner, RULES.notUtf8);
    else this.#sink.onData(this.#owner, this.#settings.ports.decodeUtf8(message.buffer, 0, message.length), false);
  }

  private inflate(data: Uint8Array, isText: boolean): void {
    const { ports, maxMessageBytes } = this.#settings;
    const output = this.#deflate!.decompress(data, maxMessageBytes);
    if (output === 'too-large') this.#sink.onViolation(this.#owner, RULES.messageTooBig);
    else if (output === 'malformed') this.#sink.onViolation(this.#owner, RULES.cannotInflate);
    else if (!isText) this.#sink.onData(this.#owner, output, true);
    else if (!isValidUtf8(ports, output, 0, output.length)) this.#sink.onViolation(this.#owner, RULES.notUtf8);
    else this.#sink.onData(this.#owner, ports.decodeUtf8(output, 0, output.length), false);
  }

  private fail(violation: Violation, chunk: Uint8Array): number {
    this.#sink.onViolation(this.#owner, violation);
    return chunk.length;
  }
}

function copyOf(chunk: Uint8Array, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start); // not slice(): on a Node Buffer that is a view
  copy.set(chunk.subarray(start, end));
  return copy;
}
