import type { MessageMeta, ResetInfo, SubscribedInfo, Subscription } from '@longwave/client';
import { LongwaveError } from '@longwave/protocol';
import { Assembler } from '../format/assembler.js';
import type { DocumentChannel } from './document-channel.js';

/** Whoever follows the log of a document. */
export interface FeedListener {
  /** The log is read from its start. `isShaken`: it may have lost updates, and all who had them find out now. */
  onOpening(isShaken: boolean): void;
  /** All that the log had when it was asked for. */
  onLoaded(updates: readonly Uint8Array[]): void;
  /** Those that came since. */
  onUpdates(updates: readonly Uint8Array[]): void;
  /** `current` may have changed. `isAnew`: the subscription stands again. */
  onStanding(isAnew: boolean): void;
  onEnd(error: LongwaveError): void;
}

/**
 * The log of a document, read from its start, and followed. All that are bound to the document over one client share it: who comes
 * later has it read from its start again, for all. Updates may come twice, which does no harm.
 */
export class DocumentFeed {
  readonly #channel: DocumentChannel;
  /** The last listener has left, or it has ended. */
  readonly #onEmpty: () => void;
  readonly #listeners = new Set<FeedListener>();
  #subscription: Subscription<unknown> | undefined;
  #assembler = new Assembler();
  /** Until all is there. */
  #loading: Uint8Array[] | undefined;
  #arrived: Uint8Array[] = [];
  /** The end of the log when it was asked for, or asked for again. */
  #target: number | undefined;
  #offset = 0;
  #planned = false;

  constructor(channel: DocumentChannel, onEmpty: () => void) {
    this.#channel = channel;
    this.#onEmpty = onEmpty;
  }

  /** Everything that the log was known to have has come. */
  get current(): boolean {
    return this.#target !== undefined && this.#offset >= this.#target;
  }

  /** Throws `closed` when the client is. */
  join(listener: FeedListener): void {
    this.#listeners.add(listener);
    try {
      this.#open(false);
    } catch (error) {
      this.leave(listener);
      throw error;
    }
  }

  leave(listener: FeedListener): void {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    this.#onEmpty();
  }

  #open(isShaken: boolean): void {
    this.#subscription?.unsubscribe();
    this.#assembler = new Assembler();
    this.#loading = [];
    this.#arrived = [];
    this.#target = undefined;
    this.#offset = 0;
    for (const listener of [...this.#listeners]) listener.onOpening(isShaken);
    this.#subscription = this.#channel.subscribe(
      {
        from: 'start',
        onSubscribed: (info) => this.#onSubscribed(info),
        onReset: (info) => this.#onReset(info),
        onEnd: (error) => this.#end(error),
      },
      (data, meta) => this.#onMessage(data, meta),
    );
  }

  /** Its promise, and those of the next two, tell the client what fails: it reports that. */
  #onSubscribed({ position, recovering }: SubscribedInfo): unknown {
    this.#offset = Math.max(this.#offset, position.offset);
    this.#target = position.offset + recovering;
    for (const listener of [...this.#listeners]) listener.onStanding(true);
    return this.#readSoon();
  }

  #onReset({ reason, position }: ResetInfo): unknown {
    if (reason === 'trimmed') {
      // Compacted: the next one says all that was before it.
      this.#offset = position.offset;
      if (this.#target !== undefined) this.#target = Math.max(this.#target, position.offset + 1);
      return undefined;
    }
    // The log lost updates, and we may have some of them: it is compared again with what we have.
    const subscription = this.#subscription;
    return Promise.resolve().then(() => {
      if (subscription === this.#subscription && this.#listeners.size > 0) this.#open(true);
    });
  }

  #onMessage(data: unknown, { offset }: MessageMeta): unknown {
    this.#offset = offset;
    const reading = this.#readSoon();
    (this.#loading ?? this.#arrived).push(...this.#assembler.take(data as Uint8Array));
    return reading;
  }

  /** Updates that come in one turn are applied together. */
  #readSoon(): Promise<void> | undefined {
    if (this.#planned) return undefined;
    this.#planned = true;
    return Promise.resolve().then(() => {
      this.#planned = false;
      this.#read();
    });
  }

  #read(): void {
    if (this.#loading) {
      if (!this.current) return;
      const loaded = this.#loading;
      this.#loading = undefined;
      this.#tell((listener) => listener.onLoaded(loaded));
    } else if (this.#arrived.length > 0) {
      const arrived = this.#arrived;
      this.#arrived = [];
      this.#tell((listener) => listener.onUpdates(arrived));
    }
    this.#tell((listener) => listener.onStanding(false));
  }

  /** Each of them, though one may fail. Throws the first error afterwards. */
  #tell(tell: (listener: FeedListener) => void): void {
    const errors: unknown[] = [];
    for (const listener of [...this.#listeners]) {
      try {
        tell(listener);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  #end(error: LongwaveError): void {
    this.#subscription = undefined;
    this.#target = undefined;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    this.#onEmpty();
    for (const listener of listeners) listener.onEnd(error);
  }
}
