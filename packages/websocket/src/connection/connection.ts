import { CLOSE_CODE } from '../frames/close-codes.js';
import { decodeClosePayload, encodeClosePayload } from '../frames/close-payload.js';
import type { ConnectionSettings } from '../frames/connection-settings.js';
import { type ConnectionState, type ConnectionStep, nextState } from './connection-state.js';
import type { DeflateAgreement } from '../handshake/deflate-negotiation.js';
import { encodeFrame, encodeTextFrame, encodeUtf8 } from '../frames/frame.js';
import { MessageDeflate } from '../frames/message-deflate.js';
import type { Violation } from '../frames/frame-rules.js';
import { OPCODE, type Opcode } from '../frames/opcodes.js';
import { Receiver, type ReceiverSink } from '../frames/receiver.js';
import type { SharedMessage } from './shared-message.js';
import { WebSocketError } from '../websocket-error.js';

/** The host's way out. */
export interface ConnectionTransport {
  /**
   * MUST send the bytes in order and MUST NOT change them. False: the transport is congested, `drained()` will be called.
   * The bytes are taken in any case.
   */
  write(bytes: Uint8Array): boolean;
  /**
   * MUST end the outgoing half after what was written, so that a last Close frame arrives, and SHOULD destroy the transport
   * when the peer has not ended its half a few seconds later (RFC 6455 §7.1.1). Is called at most once.
   */
  end(): void;
}

/** Where events go. A method that throws fails the connection with 1011, and its error leaves `receive`. */
export interface ConnectionHandler {
  /** A binary message's memory is the handler's to keep, unless the settings say `binary: 'view'`. */
  onMessage(data: string | Uint8Array, isBinary: boolean): void;
  /** Has been answered already. The payload is a copy. */
  onPing?(payload: Uint8Array): void;
  onPong?(payload: Uint8Array): void;
  /**
   * A message is larger than the settings allow, and will not be read. The handler may say so, and close with a code of its own;
   * unless it does, the connection is failed with 1009 when this returns.
   */
  onTooBig?(): void;
  /**
   * Once, and nothing after it. `clean`: both Close frames were exchanged; `code` is then the peer's, or 1005 when it gave
   * none. Otherwise 1006 when the transport ended, or the code with which this end failed the connection.
   * A client that closed cleanly leaves it to the server to end the transport, and gives it a few seconds for that (§7.1.1).
   */
  onClose(code: number, reason: string, clean: boolean): void;
}

export interface SendOptions {
  /** Overrides `compressFromBytes`. Without effect where compression was not agreed. */
  readonly compress?: boolean;
  /** Sends the message in fragments of at most this many payload bytes. Default: one frame. */
  readonly fragmentBytes?: number;
}

/**
 * One WebSocket connection after its handshake, for either role, without I/O: received bytes go in through `receive`,
 * events come out at `handler`, bytes to send at `transport`. A fault of the peer closes the connection with a code; a
 * fault of the caller throws a `WebSocketError`.
 *
 * It owns no timer. The host watches `unfinishedSince` (a message that trickles in), `state` (`closing` for too long) and
 * sends its own pings; to give up, it calls `fail` or destroys the transport and calls `transportEnded`.
 */
export class WebSocketConnection {
  static readonly #sink: ReceiverSink<WebSocketConnection> = {
    onData: (connection, data, isBinary) => connection.onData(data, isBinary),
    onControl: (connection, opcode, payload) => connection.onControl(opcode, payload),
    onViolation: (connection, violation) => connection.onViolation(violation),
  };

  readonly #settings: ConnectionSettings;
  readonly #transport: ConnectionTransport;
  readonly #handler: ConnectionHandler;
  /** Kept only while a message or a frame is unfinished: most connections are idle most of the time. */
  #receiver: Receiver<WebSocketConnection> | undefined = undefined;
  readonly #deflate: MessageDeflate | undefined;
  #state: ConnectionState = 'open';
  #congested = false;
  #owedPong: Uint8Array | undefined = undefined;

  /** `deflate`: what the handshake agreed on. Throws `bad-option` when the ports have no compression for it. */
  constructor(
    settings: ConnectionSettings,
    transport: ConnectionTransport,
    handler: ConnectionHandler,
    deflate?: DeflateAgreement,
  ) {
    const { compression } = settings.ports;
    if (deflate !== undefined && compression === undefined) {
      throw new WebSocketError('bad-option', 'compression was agreed on, but the ports have none');
    }
    this.#settings = settings;
    this.#transport = transport;
    this.#handler = handler;
    this.#deflate = deflate && compression && new MessageDeflate(compression, deflate, settings.role);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /**
   * The `now` of the `receive` that brought the first byte of the oldest message or frame that is not finished; undefined
   * when there is none. A host closes with `fail(1008, …)` what is older than its limit.
   */
  get unfinishedSince(): number | undefined {
    return this.#receiver?.unfinishedSince;
  }

  /** Bytes held of an unfinished message and of compression windows. */
  get retainedBytes(): number {
    return (this.#receiver?.retainedBytes ?? 0) + (this.#deflate?.retainedBytes ?? 0);
  }

  /**
   * Takes bytes as they come. `chunk` is unmasked in place: it must not be used afterwards. `now` is any clock of the host's,
   * for `unfinishedSince`. Never throws for what the peer sent.
   */
  receive(chunk: Uint8Array, now = 0): void {
    if (this.#state === 'closed') return;
    const receiver = (this.#receiver ??= new Receiver(this.#settings, WebSocketConnection.#sink, this, this.#deflate));
    try {
      receiver.receive(chunk, now);
      if (receiver.unfinishedSince === undefined) this.#receiver = undefined;
    } catch (error) {
      // A handler's bug must not leave the stream half read.
      this.fail(CLOSE_CODE.internalError, 'internal error');
      throw error;
    }
  }

  /** The peer ended the transport, or it broke. */
  transportEnded(): void {
    if (this.#state === 'closed') return;
    this.finish('transport-ended', CLOSE_CODE.abnormal, '', false);
  }

  /** The transport takes bytes again, after a `write` that returned false. */
  drained(): void {
    this.#congested = false;
    const owed = this.#owedPong;
    this.#owedPong = undefined;
    if (owed !== undefined && this.#state === 'open') this.writeFrame(OPCODE.pong, owed);
  }

  /** All senders return what `transport.write` did: false when congested. All throw `not-open` unless `state` is `open`. */
  sendText(data: string, options?: SendOptions): boolean {
    this.requireOpen();
    const { role, ports } = this.#settings;
    const mayCompress = this.#deflate !== undefined && this.mayCompress(ports.utf8Length(data), options);
    if (options?.fragmentBytes !== undefined || mayCompress) {
      return this.sendMessage(OPCODE.text, encodeUtf8(data, ports), options);
    }
    const flags = role === 'client' ? { mask: ports.randomBytes(4) } : undefined;
    return this.write(encodeTextFrame(data, ports, flags));
  }

  /** `data` is copied. */
  sendBinary(data: Uint8Array, options?: SendOptions): boolean {
    this.requireOpen();
    return this.sendMessage(OPCODE.binary, data, options);
  }

  /** Server only (throws `wrong-role`): a client's frames are masked, each with a key of its own. */
  sendShared(message: SharedMessage): boolean {
    this.requireOpen();
    this.requireServer();
    const deflate = this.#deflate;
    const compress = deflate?.sendsIndependently === true && message.payloadBytes >= this.#settings.compressFromBytes;
    return this.write((compress ? message.deflated(deflate.sendWindowBits) : undefined) ?? message.plain());
  }

  /**
   * Server only (throws `wrong-role`): one whole message as bytes that were framed already, by `encodeFrame`, `encodeTextFrame`
   * or `writeFrameHeader`. They are not looked at, and may go to many connections.
   */
  sendEncoded(frames: Uint8Array): boolean {
    this.requireOpen();
    this.requireServer();
    return this.write(frames);
  }

  /** Throws `control-too-long` above 125 bytes. */
  ping(payload: Uint8Array = new Uint8Array(0)): boolean {
    this.requireOpen();
    return this.writeFrame(OPCODE.ping, payload);
  }

  /** An unsolicited pong (RFC 6455 §5.5.3): a heartbeat that asks for no answer. Pings are answered without this. */
  pong(payload: Uint8Array = new Uint8Array(0)): boolean {
    this.requireOpen();
    return this.writeFrame(OPCODE.pong, payload);
  }

  /**
   * Begins the closing handshake; does nothing when it has begun. Messages that still come are not delivered, as in browsers.
   * Throws `bad-close-code` and `bad-close-reason`.
   */
  close(code?: number, reason = ''): void {
    const payload = encodeClosePayload(code, reason, this.#settings.ports);
    if (this.#state !== 'open') return;
    this.#state = nextState(this.#state, 'close-sent');
    this.writeFrame(OPCODE.close, payload);
  }

  /** Gives the connection up: sends a Close frame if none was, ends the transport, waits for nothing (RFC 6455 §7.1.7). */
  fail(code: number, reason = ''): void {
    const payload = encodeClosePayload(code, reason, this.#settings.ports);
    if (this.#state === 'closed') return;
    if (this.#state === 'open') this.writeFrame(OPCODE.close, payload);
    this.finish('failed', code, reason, false);
  }

  private onData(data: string | Uint8Array, isBinary: boolean): void {
    if (this.#state === 'open') this.#handler.onMessage(data, isBinary);
  }

  private onViolation({ code, reason }: Violation): void {
    if (code === CLOSE_CODE.messageTooBig && this.#state === 'open') this.#handler.onTooBig?.();
    this.fail(code, reason);
  }

  private onControl(opcode: number, payload: Uint8Array): void {
    switch (opcode) {
      case OPCODE.close:
        this.onCloseFrame(payload);
        break;
      case OPCODE.ping:
        if (this.#state !== 'open') break; // nothing may follow our Close frame (§5.5.1)
        this.answerPing(payload);
        this.#handler.onPing?.(Uint8Array.from(payload));
        break;
      case OPCODE.pong:
        if (this.#state === 'open') this.#handler.onPong?.(Uint8Array.from(payload));
        break;
    }
  }

  private onCloseFrame(payload: Uint8Array): void {
    const close = decodeClosePayload(payload, this.#settings.ports);
    if (!close.valid) {
      this.fail(close.violation.code, close.violation.reason);
      return;
    }
    // §5.5.1: the answer "typically echoes the status code"; no code is answered with none.
    if (this.#state === 'open') this.writeFrame(OPCODE.close, payload.subarray(0, 2));
    this.finish('close-received', close.code, close.reason, true);
  }

  /**
   * §5.5.3 allows to answer only the latest of several pings. While the transport is congested that is what happens, so that
   * a peer that pings and never reads cannot fill our memory with pongs.
   */
  private answerPing(payload: Uint8Array): void {
    if (this.#congested) this.#owedPong = Uint8Array.from(payload);
    else this.writeFrame(OPCODE.pong, payload);
  }

  private sendMessage(opcode: Opcode, data: Uint8Array, options: SendOptions | undefined): boolean {
    const deflated = this.mayCompress(data.length, options) ? this.#deflate!.compress(data) : undefined;
    const payload = deflated ?? data;
    const size = options?.fragmentBytes ?? Infinity;
    if (!(size >= 1)) throw new WebSocketError('bad-option', `fragmentBytes must be at least 1, not ${size}`);
    let taken = true;
    let offset = 0;
    do {
      const end = Math.min(payload.length, offset + size);
      const isFirst = offset === 0;
      const fragment = end - offset === payload.length ? payload : payload.subarray(offset, end);
      const rsv1 = isFirst && deflated !== undefined;
      taken = this.writeFrame(isFirst ? opcode : OPCODE.continuation, fragment, end === payload.length, rsv1);
      offset = end;
    } while (offset < payload.length);
    return taken;
  }

  private mayCompress(length: number, options: SendOptions | undefined): boolean {
    if (this.#deflate === undefined) return false;
    return options?.compress ?? length >= this.#settings.compressFromBytes;
  }

  private writeFrame(opcode: Opcode, payload: Uint8Array, fin = true, rsv1 = false): boolean {
    const { role, ports } = this.#settings;
    const mask = role === 'client' ? ports.randomBytes(4) : undefined;
    return this.write(encodeFrame(opcode, payload, { fin, rsv1, mask }, ports));
  }

  private write(bytes: Uint8Array): boolean {
    if (this.#state === 'closed') return false; // the transport broke inside an earlier write of the same call
    const taken = this.#transport.write(bytes);
    if (!taken) this.#congested = true;
    return taken;
  }

  private requireOpen(): void {
    if (this.#state !== 'open') throw new WebSocketError('not-open', `the connection is ${this.#state}`);
  }

  private requireServer(): void {
    if (this.#settings.role === 'server') return;
    throw new WebSocketError('wrong-role', 'a client cannot send shared frames: each of its frames has its own mask');
  }

  private finish(step: ConnectionStep, code: number, reason: string, clean: boolean): void {
    if (this.#state === 'closed') return; // a transport may report its end from inside `write`
    this.#state = nextState(this.#state, step);
    this.#receiver?.stop();
    this.#receiver = undefined;
    this.#owedPong = undefined;
    // §7.1.1: after the closing handshake it is the server that ends the transport; a failed connection either end does.
    if (step === 'failed' || (step === 'close-received' && this.#settings.role === 'server')) this.#transport.end();
    this.#handler.onClose(code, reason, clean);
  }
}
