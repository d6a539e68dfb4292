import { LongwaveError } from '@longwave/protocol';
import type { HeldDocument } from '../documents/held-document.js';
import type { Library } from '../documents/library.js';
import type { Reader } from '../documents/readers.js';
import { readStateVector } from '../updates/known.js';
import { ByteReader } from '../updates/byte-reader.js';
import type { Form, Frame } from '../wire/frame.js';
import { syncType } from '../wire/y-forms.js';
import { Cursors } from './cursors.js';
import type { Seat } from './seat.js';
import { type Outcome, Uploads } from './uploads.js';

export interface EditorOptions {
  readonly seat: Seat;
  readonly library: Library;
  readonly form: Form;
  readonly host: EditorHost;
  readonly counts: DialectCounts;
}

/** The socket of an editor. */
export interface EditorHost {
  readonly writable: boolean;
  send(frame: Frame): void;
  /** As `send`, in one write with what follows at once. */
  sendSoon(frame: Frame): void;
  /** Not to be read from, or again. */
  hold(held: boolean): void;
  /** Called for each update of the client, in their order. */
  settled(outcome: Outcome, error?: LongwaveError): void;
  /** The client has to begin anew. */
  failed(error: unknown): void;
}

/** The work of a dialect since it was made. */
export interface DialectCounts {
  /** Sockets that are open. */
  sockets: number;
  /** Updates that were stored, or known already. */
  stored: number;
  /** Updates that were refused. */
  refused: number;
  /** States of cursors that a socket was not allowed to speak for. */
  strangers: number;
}

/** A client that says nothing of itself is told of the others after so long. */
const greetMs = 300;

/** One client in one document: what it sends is stored and told, and what others do is sent to it. */
export class Editor implements Reader {
  readonly form: Form;
  cursor = 0;
  awareness: Reader['awareness'] = 'new';
  readonly #options: EditorOptions;
  #document: HeldDocument | undefined;
  #uploads: Uploads | undefined;
  #cursors: Cursors | undefined;
  #greeting: NodeJS.Timeout | undefined;
  /** Outcomes of what the client sent at first, until all of it is settled. */
  #firstOutcomes: Parameters<EditorHost['settled']>[] | undefined = [];
  #hasStepped = false;
  #hasAnswered = false;
  #isOver = false;

  constructor(options: EditorOptions) {
    this.#options = options;
    this.form = options.form;
  }

  get writable(): boolean {
    return this.#options.host.writable;
  }

  /** Rejects where the document cannot be read. */
  async open(): Promise<void> {
    const { library, seat, host } = this.#options;
    const document = await library.open(seat.channel);
    if (this.#isOver) return library.release(document);
    this.#document = document;
    this.#cursors = new Cursors(seat, document.board);
    this.#uploads = new Uploads({
      seat,
      document,
      hold: (held) => host.hold(held),
      failed: (error) => host.failed(error),
      settled: (...outcome) => this.#settled(outcome),
    });
  }

  /** Asks the client for what the server lacks. */
  ask(): void {
    // The client has most often asked by now, and is answered as soon.
    if (!this.#isOver) this.#options.host.sendSoon(this.form.step1(this.#document!.vector));
  }

  write(frame: Frame): void {
    if (!this.#isOver) this.#options.host.send(frame);
  }

  /** A sync message of the client. Throws `invalid-data`. */
  sync(reader: ByteReader): void {
    const type = reader.uint();
    const bytes = reader.blob();
    switch (type) {
      case syncType.step1:
        return this.#step1(bytes);
      case syncType.step2:
      case syncType.update:
        return this.#upload(bytes, type === syncType.step2);
      default:
        throw new LongwaveError('invalid-data', `There is no sync message of type ${type}.`);
    }
  }

  /** An awareness update of the client. Throws `invalid-data`. */
  say(update: Uint8Array): void {
    if (!this.#document!.board.exists) return;
    this.#options.counts.strangers += this.#cursors!.take(update, this.awareness === 'new');
    if (this.#hasStepped) this.#greet();
  }

  /** Tells the client of everybody. */
  tellAll(): void {
    const update = this.#document!.board.all();
    if (update) this.write(this.form.awareness(update));
  }

  drained(): void {
    this.#document?.drained(this);
  }

  /** The client is gone. Updates that it sent before are stored all the same. */
  async end(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#greeting);
    this.#cursors?.end();
    const { seat, library } = this.#options;
    seat.exit();
    this.#document?.leave(this);
    await this.#uploads?.end();
    seat.leave();
    if (this.#document) library.release(this.#document);
  }

  #step1(vector: Uint8Array): void {
    const has = readStateVector(vector);
    const document = this.#document!;
    document.leave(this);
    void document.current().then(() => !this.#isOver && document.join(this, has));
    this.#hasStepped = true;
    if (this.awareness === 'new') this.#greeting ??= setTimeout(() => this.#greet(), greetMs).unref();
  }

  #greet(): void {
    clearTimeout(this.#greeting);
    if (this.awareness !== 'new') return;
    this.awareness = 'current';
    this.tellAll();
  }

  #upload(update: Uint8Array, isAnswer: boolean): void {
    this.#hasAnswered ||= isAnswer;
    try {
      this.#uploads!.add(update, isAnswer);
    } catch (error) {
      if (!(error instanceof LongwaveError)) throw error;
      this.#settled(['refused', error]);
    }
  }

  /** A client takes the first "stored" for all that it has sent, so it waits for the last: the answer to the server's first step. */
  #settled(outcome: Parameters<EditorHost['settled']>): void {
    const { counts, host } = this.#options;
    if (outcome[0] === 'stored') counts.stored++;
    else counts.refused++;
    if (!this.#firstOutcomes) return host.settled(...outcome);
    this.#firstOutcomes.push(outcome);
    if (!this.#uploads!.idle || !this.#hasAnswered) return;
    const first = this.#firstOutcomes;
    this.#firstOutcomes = undefined;
    for (const each of first) host.settled(...each);
  }
}
