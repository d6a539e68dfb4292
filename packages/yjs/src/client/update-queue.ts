import type { Clock, Timer } from '@longwave/client';
import { LongwaveError } from '@longwave/protocol';
import * as Y from 'yjs';
import { encodeUpdates } from '../format/payload.js';
import { sendPiecesAgainMs } from '../format/piece-age.js';

/** A change of the document that is not stored yet. */
export interface Edit {
  readonly update: Uint8Array;
  /** Changes that the application counts. 0 for one that only follows from those of others: nothing is lost with it. */
  readonly counts: number;
  readonly onStored?: () => void;
}

/** Edits that travel as one update, in one message or several. */
interface Batch {
  readonly edit: Edit;
  /** Messages that are not stored yet. */
  left: number;
  readonly messages: number;
  /** When it was encoded, in milliseconds since the Unix epoch. */
  readonly at: number;
}

interface Outgoing {
  readonly batch: Batch;
  /** Place in the order. */
  readonly number: number;
  readonly message: Uint8Array;
}

export interface UpdateQueueOptions {
  /** Stores a message. May throw. */
  readonly publish: (message: Uint8Array) => Promise<unknown>;
  readonly makeGroup: () => string;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  /** `unsaved` or `error` may have changed, or nothing is on its way any more. */
  readonly onChange: () => void;
}

/** Updates that may be on their way at once: what comes meanwhile is merged into one. */
const maxBatches = 4;
/** Bytes that may be on their way at once: a fraction of what a client's outbox takes. */
const maxBytes = 256 * 1024;
const minRetryMs = 2_000;
const maxRetryMs = 60_000;
const fullRetryMs = 500;
/** Edits that wait one by one: more are merged, as after hours offline. */
const maxWaiting = 500;

/**
 * Local updates on their way to the log, in their order. None leaves it before it is stored: those that are refused wait for another
 * try.
 */
export class UpdateQueue {
  readonly #options: UpdateQueueOptions;
  /** Not encoded yet. */
  #waiting: Edit[] = [];
  /** Encoded, in their order, and not on their way. */
  #unsent: Outgoing[] = [];
  readonly #sent = new Set<Outgoing>();
  readonly #batches = new Set<Batch>();
  #sentBytes = 0;
  #numbers = 0;
  #unsaved = 0;
  #held = true;
  #finishing = false;
  #planned = false;
  #error: LongwaveError | undefined;
  #retry: Timer | undefined;
  #refusals = 0;

  constructor(options: UpdateQueueOptions) {
    this.#options = options;
  }

  /** Edits that are not stored. */
  get unsaved(): number {
    return this.#unsaved;
  }

  /** Why the first of them was refused the last time. */
  get error(): LongwaveError | undefined {
    return this.#error;
  }

  /** Nothing is on its way. */
  get idle(): boolean {
    return this.#sent.size === 0;
  }

  add(edit: Edit): void {
    this.#unsaved += edit.counts;
    this.#waiting.push(edit);
    if (this.#waiting.length > maxWaiting) this.#waiting = [merged(this.#waiting)];
    if (this.#planned) return;
    this.#planned = true;
    // Edits of one turn travel together.
    queueMicrotask(() => {
      this.#planned = false;
      this.#pump();
    });
  }

  /** Sends nothing more until `release`. */
  hold(): void {
    this.#held = true;
    this.#stopRetry();
  }

  /** Takes another update, or none, in place of all that is not on its way, and begins to send. */
  replace(update: Uint8Array | undefined, onStored: () => void): void {
    this.#unsaved = update ? Math.max(1, this.#unsaved) : 0;
    this.#waiting = update ? [{ update, counts: this.#unsaved, onStored }] : [];
    this.#unsent = [];
    this.#batches.clear();
    this.#refusals = 0;
    this.#error = undefined;
    if (!update) onStored();
    this.release();
  }

  /** Sends, also what was refused before. */
  release(): void {
    this.#held = false;
    this.#stopRetry();
    this.#pump();
  }

  /** Sends what there is, without another try for what is refused. */
  finish(): void {
    this.#finishing = true;
    this.release();
  }

  #pump(): void {
    while (!this.#held && !this.#retry) {
      const next = this.#first() ?? this.#encode();
      if (!next || (this.#sentBytes > 0 && this.#sentBytes + next.message.length > maxBytes)) return;
      this.#unsent.shift();
      this.#send(next);
    }
  }

  /** The first that is encoded and not on its way. */
  #first(): Outgoing | undefined {
    const [next] = this.#unsent;
    if (!next) return undefined;
    const { batch } = next;
    const isStale = batch.messages > 1 && this.#options.clock.now() - batch.at >= sendPiecesAgainMs;
    if (!isStale) return next;
    // The server may have let go of its other pieces.
    this.#batches.delete(batch);
    const others = this.#unsent.filter((each) => each.batch !== batch);
    this.#unsent = [...this.#encodeBatch(batch.edit), ...others];
    return this.#unsent[0];
  }

  /** The first message of what is waiting. */
  #encode(): Outgoing | undefined {
    if (this.#waiting.length === 0 || this.#batches.size >= maxBatches) return undefined;
    const edit = merged(this.#waiting);
    this.#waiting = [];
    this.#unsent = this.#encodeBatch(edit);
    return this.#unsent[0];
  }

  #encodeBatch(edit: Edit): Outgoing[] {
    const { makeGroup, clock } = this.#options;
    const messages = encodeUpdates(edit.update, makeGroup);
    const batch: Batch = { edit, left: messages.length, messages: messages.length, at: clock.now() };
    this.#batches.add(batch);
    return messages.map((message) => ({ batch, message, number: this.#numbers++ }));
  }

  #send(outgoing: Outgoing): void {
    this.#sent.add(outgoing);
    this.#sentBytes += outgoing.message.length;
    this.#publish(outgoing).then(
      () => this.#onStored(outgoing),
      (error: unknown) => this.#onRefused(outgoing, error),
    );
  }

  async #publish({ message }: Outgoing): Promise<void> {
    await this.#options.publish(message);
  }

  #onStored(outgoing: Outgoing): void {
    this.#arrived(outgoing);
    const { batch } = outgoing;
    if (--batch.left === 0 && this.#batches.has(batch)) {
      this.#drop(batch);
      batch.edit.onStored?.();
    }
    if (!this.#retry) {
      this.#refusals = 0;
      this.#error = undefined;
    }
    this.#pump();
    this.#options.onChange();
  }

  #onRefused(outgoing: Outgoing, cause: unknown): void {
    this.#arrived(outgoing);
    const { batch } = outgoing;
    const error = cause instanceof LongwaveError ? cause : new LongwaveError('internal', undefined, { cause });
    if (batch.edit.counts === 0) this.#drop(batch);
    // Otherwise it was replaced meanwhile.
    else if (this.#batches.has(batch)) {
      this.#unsent = [...this.#unsent, outgoing].toSorted((a, b) => a.number - b.number);
      this.#retryLater(error);
    }
    this.#pump();
    this.#options.onChange();
  }

  #arrived(outgoing: Outgoing): void {
    this.#sent.delete(outgoing);
    this.#sentBytes -= outgoing.message.length;
  }

  #drop(batch: Batch): void {
    if (!this.#batches.delete(batch)) return;
    this.#unsaved -= batch.edit.counts;
    this.#unsent = this.#unsent.filter((each) => each.batch !== batch);
  }

  #retryLater(error: LongwaveError): void {
    // Other channels of the client fill its outbox: that passes by itself, and there is nothing to tell.
    const isFull = error.code === 'outbox-full';
    if (!isFull) this.#error = error;
    // The client is closed, or whoever looked at the error is gone: there is no other try.
    if (error.code === 'closed' || (this.#finishing && !isFull)) this.#held = true;
    if (this.#held || this.#retry) return;
    const delayMs = isFull ? fullRetryMs : Math.min(minRetryMs * 2 ** this.#refusals++, maxRetryMs);
    this.#retry = this.#options.clock.setTimer(() => this.release(), delayMs);
  }

  #stopRetry(): void {
    this.#retry?.cancel();
    this.#retry = undefined;
  }
}

function merged(edits: readonly Edit[]): Edit {
  if (edits.length === 1) return edits[0]!;
  const update = Y.mergeUpdates(edits.map((edit) => edit.update));
  const counts = edits.reduce((sum, edit) => sum + edit.counts, 0);
  const told = edits.flatMap(({ onStored }) => onStored ?? []);
  return { update, counts, onStored: () => told.forEach((tell) => tell()) };
}
