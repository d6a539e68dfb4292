import type { ConnectionInfo } from '@longwave/core';
import type { DialectHost } from '@longwave/node';
import { LongwaveError, codes, wireLimits } from '@longwave/protocol';
import type { Library } from '../documents/library.js';
import type { ResolvedOptions } from '../options.js';
import type { DialectSocket } from '../sockets/dialect-socket.js';
import { type DialectCounts, Editor } from '../sockets/editor.js';
import { Seat } from '../sockets/seat.js';
import type { ByteReader } from '../updates/byte-reader.js';
import { emptyAwareness } from '../wire/awareness.js';
import type { Form } from '../wire/frame.js';
import { createForm, messageType, syncType } from '../wire/y-forms.js';
import { Messages, authType, hocuspocusType } from './messages.js';

export interface OpenDocumentOptions {
  /** As the client names it: the name, which some clients continue with NUL and a session. */
  readonly key: string;
  readonly info: ConnectionInfo;
  readonly host: DialectHost;
  readonly library: Library;
  readonly options: ResolvedOptions;
  readonly counts: DialectCounts;
  readonly socket: DialectSocket;
  /** The client may be told its document: the socket is authenticated. */
  readonly opened: () => void;
  /** A stateless message of the client. */
  readonly said: (document: OpenDocument, payload: string) => void;
  /** Bytes that wait for the client to be let in, of all documents of the socket. */
  readonly waits: (bytes: number) => void;
}

function isStep1(type: number, { bytes, at }: ByteReader): boolean {
  return type === messageType.sync && bytes[at] === syncType.step1;
}

/** A code after which every version comes back at once or soon: "reset connection". */
export const resetClose = 4205;
const deniedClose = 4403;
/** The part of a session's time after which a fresh token is asked for. */
const renewAt = 0.8;
const maxTimerMs = 2 ** 31 - 1;

/** One document of a socket of Hocuspocus: first its token, then everything else. */
export class OpenDocument {
  /** The name by which the application knows it. */
  readonly name: string;
  readonly messages: Messages;
  readonly #form: Form;
  readonly #options: OpenDocumentOptions;
  #state: 'waiting' | 'opening' | 'open' | 'denied' | 'over' = 'waiting';
  /** Messages that came before it was open. */
  #early: [type: number, reader: ByteReader][] = [];
  #editor: Editor | undefined;
  #seat: Seat | undefined;
  #renewing: NodeJS.Timeout | undefined;

  constructor(options: OpenDocumentOptions) {
    this.#options = options;
    const { key } = options;
    this.name = key.split('\0', 1)[0]!;
    this.messages = new Messages(key);
    this.#form = createForm(`h ${key}`, this.messages.prefix);
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get user(): string | undefined {
    return this.#seat?.user;
  }

  get channel(): string | undefined {
    return this.#seat?.channel;
  }

  /** A message of the client for this document. Throws `LongwaveError` for what it may not send. */
  take(type: number, reader: ByteReader): void {
    if (type === messageType.auth) return this.#authenticate(reader);
    switch (this.#state) {
      case 'waiting':
      case 'opening':
        this.#options.waits(reader.bytes.length);
        this.#early.push([type, reader]);
        // Version 2 sends no token where it has none; all others send it before their first step.
        if (this.#state === 'waiting' && isStep1(type, reader)) void this.#open('');
        return;
      case 'open':
        return this.#handle(type, reader);
      // After a denial clients go on sending.
      case 'denied':
      case 'over':
        return;
    }
  }

  drained(): void {
    this.#editor?.drained();
  }

  heard(): void {
    this.#seat?.heard();
  }

  keepAlive(): void {
    this.#options.socket.send(this.#form.awareness(emptyAwareness));
  }

  send(payload: string): void {
    if (this.isOpen) this.#options.socket.send(this.messages.stateless(payload));
  }

  /** The client has closed it, or is gone. */
  end(): void {
    this.#state = 'over';
    this.#leave();
  }

  #leave(): void {
    clearTimeout(this.#renewing);
    this.#early = [];
    void this.#editor?.end();
    this.#editor = this.#seat = undefined;
  }

  #authenticate(reader: ByteReader): void {
    if (reader.uint() !== authType.token) throw new LongwaveError('bad-frame', 'A client only sends tokens.');
    const token = reader.text();
    if (token.length > wireLimits.tokenLength) return this.#deny(new LongwaveError('unauthenticated'));
    if (this.#state === 'waiting' || this.#state === 'denied') void this.#open(token);
    else if (this.#state === 'open') void this.#refresh(token);
  }

  async #open(token: string): Promise<void> {
    const { socket, options, info, opened } = this.#options;
    this.#state = 'opening';
    try {
      const channel = await options.channelOf(this.name, info);
      if (this.#isOver) return;
      const { seat, editor } = this.#makeEditor(channel);
      await seat.open(token === '' ? undefined : token, undefined);
      const mayWrite = await seat.mayWrite();
      await editor.open();
      if (this.#isOver || this.#seat !== seat) return;
      this.#state = 'open';
      opened();
      socket.sendSoon(this.messages.granted(mayWrite ? 'read-write' : 'readonly'));
      editor.ask();
      const early = this.#early;
      this.#early = [];
      for (const [type, reader] of early) this.#handle(type, reader);
    } catch (error) {
      if (!this.#isOver) this.#fail(error);
    }
  }

  get #isOver(): boolean {
    return this.#state === 'over' || this.#options.socket.isEnding;
  }

  #makeEditor(channel: string): { readonly seat: Seat; readonly editor: Editor } {
    const { host, library, info, counts, socket } = this.#options;
    const seat = new Seat({
      ...{ engine: host.engine, info, client: host.makeId(), channel },
      host: {
        hold: (held) => socket.hold(seat, held),
        ping: () => socket.ping(),
        // Before it was open its opening fails with the same.
        ended: (error) => this.#seat === seat && this.#state === 'open' && this.#fail(error),
        expiresIn: (ms) => this.#renewIn(ms),
      },
    });
    const editor = new Editor({
      ...{ seat, library, form: this.#form, counts },
      host: {
        get writable() {
          return socket.writable;
        },
        send: (frame) => socket.send(frame),
        sendSoon: (frame) => socket.sendSoon(frame),
        hold: (held) => socket.hold(editor, held),
        settled: (outcome) => socket.sendSoon(this.messages.status(outcome === 'stored')),
        failed: (error) => this.#fail(error),
      },
    });
    this.#seat = seat;
    this.#editor = editor;
    return { seat, editor };
  }

  #handle(type: number, reader: ByteReader): void {
    const editor = this.#editor;
    if (!editor) return;
    switch (type) {
      case messageType.sync:
      case hocuspocusType.syncReply:
        return editor.sync(reader);
      case messageType.awareness:
        return editor.say(reader.blob());
      case messageType.queryAwareness:
        return editor.tellAll();
      case hocuspocusType.stateless:
        return this.#options.said(this, reader.text());
      case hocuspocusType.syncStatus:
        return;
      default:
        throw new LongwaveError('bad-frame', `A client sends no messages of type ${type}.`);
    }
  }

  /** Versions 3 and 4 send a fresh token when asked; 2 does nothing, and connects anew when its time is over. */
  #renewIn(ms: number): void {
    clearTimeout(this.#renewing);
    const ask = (): void => this.#options.socket.send(this.messages.askToken());
    this.#renewing = setTimeout(ask, Math.min(ms * renewAt, maxTimerMs)).unref();
  }

  async #refresh(token: string): Promise<void> {
    const seat = this.#seat!;
    try {
      await seat.refresh(token);
    } catch (error) {
      // The right that was granted stands until its time is over.
      if (error instanceof LongwaveError && error.code !== 'closed') this.#tellDenied(error);
    }
  }

  #fail(error: unknown): void {
    const { host, socket } = this.#options;
    if (!(error instanceof LongwaveError)) {
      host.logger.error('A document of a client of Hocuspocus failed.', error);
      return socket.endWith(resetClose, 'internal');
    }
    const { advice } = codes[error.code];
    if (advice === 'retry') return socket.endFor(error, resetClose);
    const wasOpen = this.isOpen;
    this.#deny(error);
    // Its other documents may have tokens that last; it comes back with fresh ones for all, or is denied where it has none.
    if (wasOpen && error.code === 'unauthenticated') socket.endWith(resetClose, error.code, 0);
    if (error.code === 'disconnected') socket.endWith(deniedClose, error.code);
  }

  #deny(error: LongwaveError): void {
    this.#tellDenied(error);
    this.#state = 'denied';
    this.#leave();
  }

  #tellDenied({ code, advice }: LongwaveError): void {
    const reason = advice === 'reauthenticate' || code === 'forbidden' ? 'permission-denied' : code;
    this.#options.socket.send(this.messages.denied(reason));
  }
}
