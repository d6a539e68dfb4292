import { randomBytes } from 'node:crypto';
import type { LongwaveError } from '@longwave/protocol';
import { encodeUpdates } from '@longwave/yjs/format';
import type { HeldDocument } from '../documents/held-document.js';
import { type Scan, scanParts, scanUpdate } from '../updates/scan-update.js';
import { atOnce, inTurns, smallBytes } from '../updates/turns.js';
import type { Seat } from './seat.js';

/** The fate of an update. It is `stored` too where the document had it already; `refused` is final. */
export type Outcome = 'stored' | 'refused';

export interface UploadsOptions {
  readonly seat: Seat;
  readonly document: HeldDocument;
  /** Called for each update, in their order. `error`: why it is refused. */
  readonly settled: (outcome: Outcome, error?: LongwaveError) => void;
  /** An update could be neither stored nor refused: its client has to send it again. */
  readonly failed: (error: unknown) => void;
  /** So much waits that no more should be read, or little enough again. */
  readonly hold: (held: boolean) => void;
}

/** Bytes that may wait to be stored before the socket is not read from. */
const maxWaitingBytes = 1024 * 1024;
const maxWaiting = 256;
/** The work of an update that says nothing new. */
const nothing: Promise<void> = Promise.resolve();

/** Stores the updates of one client, and leaves out what the document says already. */
export class Uploads {
  readonly #options: UploadsOptions;
  /** Ends when all that came before is settled. */
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #waitingBytes = 0;
  #isOver = false;

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  /** Nothing waits. */
  get idle(): boolean {
    return this.#waiting === 0;
  }

  /**
   * `isAnswer`: it says all that the client has and the server did not, and so what the client has sent a moment ago as well: that is
   * waited for. Throws `invalid-data` for what is no update, or settles with it where that takes a while to see.
   */
  add(update: Uint8Array, isAnswer: boolean): void {
    const before = this.#last;
    const work = isAnswer && this.#options.document.isKnown(update) ? nothing : this.#begin(update, isAnswer, before);
    this.#waiting++;
    this.#waitingBytes += update.length;
    this.#holdIfFull();
    const outcome = work.then(
      (): [Outcome, LongwaveError?] => ['stored'],
      (error: unknown): [Outcome, LongwaveError?] | undefined => {
        if (isRefusal(error)) return ['refused', error];
        if (!this.#isOver) this.#options.failed(error);
        return undefined;
      },
    );
    this.#last = before.then(async () => {
      const result = await outcome;
      this.#waiting--;
      this.#waitingBytes -= update.length;
      this.#holdIfFull();
      if (result && !this.#isOver) this.#options.settled(...result);
    });
  }

  /** Nobody is told any more. Resolves when nothing waits. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#last;
  }

  #begin(update: Uint8Array, isAnswer: boolean, before: Promise<void>): Promise<void> {
    const store = (scan: Scan): Promise<void> =>
      isAnswer ? before.then(() => this.#storeAnswer(update, scan)) : this.#store(update, scan);
    return update.length > smallBytes ? inTurns(scanParts(update)).then(store) : store(scanUpdate(update));
  }

  async #storeAnswer(update: Uint8Array, scan: Scan): Promise<void> {
    await this.#options.document.caughtUp();
    await this.#store(update, scan);
  }

  async #store(update: Uint8Array, scan: Scan): Promise<void> {
    const { seat, document } = this.#options;
    const reducing = document.reduceParts(update, scan);
    const news = update.length > smallBytes ? await inTurns(reducing) : atOnce(reducing);
    if (!news) return;
    const payloads = encodeUpdates(news, makeGroup);
    const stored = await Promise.allSettled(payloads.map((payload) => seat.publish(payload)));
    for (const result of stored) {
      if (result.status === 'rejected') throw result.reason;
      document.stored(result.value);
    }
  }

  #holdIfFull(): void {
    this.#options.hold(this.#waiting > maxWaiting || this.#waitingBytes > maxWaitingBytes);
  }
}

function makeGroup(): string {
  return randomBytes(8).toString('hex');
}

/** Codes that say that an update will never be stored, or not by this client. */
const refusals: ReadonlySet<string> = new Set(['forbidden', 'invalid-data', 'too-large', 'wrong-mode']);

function isRefusal(error: unknown): error is LongwaveError {
  return error instanceof Error && 'code' in error && refusals.has(String(error.code));
}
