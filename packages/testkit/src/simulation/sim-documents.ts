import { LongwaveError } from '@longwave/protocol';
import type { Client, Subscription } from '@longwave/client';
import type { Random } from '../random.js';
import type { Scene } from './scene.js';
import { fromWords, wordsOf } from '../checking/document-ledger.js';
import { documentRooms } from './profile.js';

const maxOpen = 2;

/** A document as one page has it: bound to its channel as `longwave/yjs` binds one. */
class OpenDocument {
  readonly channel: string;
  readonly words: Set<string>;
  /** Words of this page that are not stored yet. */
  readonly unsaved = new Set<string>();
  readonly subscription: Subscription<unknown>;
  readonly #scene: Scene;
  readonly #client: Client;
  /** Words that the log is known to have. */
  #received = new Set<string>();
  /** Up to here the log was there when the subscription began: with it, the page knows what the log has. */
  #completeAt = Infinity;
  #ended = false;

  constructor(scene: Scene, client: Client, channel: string, words: Set<string>) {
    this.#scene = scene;
    this.#client = client;
    this.channel = channel;
    this.words = words;
    this.subscription = client.channel(channel).subscribe(
      {
        from: 'start',
        onSubscribed: ({ position, recovering, reset }) => {
          // The log has to be given again all that it lost.
          if (reset === 'epoch-changed' || reset === 'truncated') this.#received = new Set();
          this.#completeAt = position.offset + recovering;
          if (recovering === 0) this.#complete();
        },
        onReset: ({ reason }) => {
          if (reason !== 'epoch-changed' && reason !== 'truncated') return;
          this.#received = new Set();
          this.#complete();
        },
        onEnd: () => (this.#ended = true),
      },
      (data, { offset }) => {
        for (const word of wordsOf(data as Uint8Array)) {
          this.#received.add(word);
          this.words.add(word);
        }
        if (offset >= this.#completeAt) this.#complete();
      },
    );
  }

  edit(word: string): void {
    this.words.add(word);
    this.#publish([word]);
  }

  /** Lists what this page and the store do not have in common. */
  difference(stored: ReadonlySet<string>): string | undefined {
    if (this.#ended) return undefined;
    const missing = [...stored].filter((word) => !this.words.has(word));
    const unknown = [...this.words].filter((word) => !stored.has(word));
    if (missing.length + unknown.length + this.unsaved.size === 0) return undefined;
    return `${this.channel}: lacks ${missing.join()}; the store lacks ${unknown.join()}; unsaved ${[...this.unsaved].join()}`;
  }

  /** The page has all of the log by now: it publishes the words that the log lacks. */
  #complete(): void {
    this.#completeAt = Infinity;
    const unknown = [...this.words].filter((word) => !this.#received.has(word) && !this.unsaved.has(word));
    if (unknown.length > 0) this.#publish(unknown);
  }

  #publish(words: readonly string[]): void {
    const { documents, onAnswer } = this.#scene;
    for (const word of words) this.unsaved.add(word);
    if (this.#client.state.status === 'closed') return;
    this.#client
      .channel(this.channel)
      .publish(fromWords(words))
      .then(
        () => {
          documents.acknowledge(this.channel, words);
          for (const word of words) this.unsaved.delete(word);
        },
        (error: unknown) => this.#onRefused(words, error),
      );
    onAnswer();
  }

  #onRefused(words: readonly string[], error: unknown): void {
    const { clock, checker } = this.#scene;
    const code = error instanceof LongwaveError ? error.code : undefined;
    if (code === 'closed') return;
    // Too old to tell whether it was stored: an update does no harm when it comes twice.
    if (code !== 'too-old' && code !== 'disconnected')
      checker.violate('internal', this.channel, `an update was refused: ${String(error)}`);
    clock.after(100, () => this.#publish(words));
  }
}

/** The documents that one page has open. */
export class SimDocuments {
  readonly #scene: Scene;
  readonly #client: Client;
  readonly #name: string;
  readonly #random: Random;
  readonly #open: OpenDocument[] = [];
  /** Words of documents that were closed, as in the browser's own database. */
  readonly #kept = new Map<string, Set<string>>();
  #words = 0;

  constructor(scene: Scene, client: Client, name: string, random: Random) {
    this.#scene = scene;
    this.#client = client;
    this.#name = name;
    this.#random = random;
  }

  open(): void {
    const closed = documentRooms.filter((room) => this.#open.every(({ channel }) => channel !== room));
    if (this.#open.length >= maxOpen || closed.length === 0) return;
    const channel = this.#random.pick(closed);
    this.#scene.checker.trace(this.#name, () => `opens ${channel}`);
    this.#open.push(new OpenDocument(this.#scene, this.#client, channel, this.#kept.get(channel) ?? new Set()));
  }

  edit(): void {
    if (this.#open.length === 0) return this.open();
    const document = this.#random.pick(this.#open);
    const word = `${this.#name}-${++this.#words}`;
    this.#scene.checker.trace(this.#name, () => `writes ${word} to ${document.channel}`);
    document.edit(word);
  }

  /** Closes one. Words that are not stored stay with the page until it opens the document again. */
  leave(): void {
    if (this.#open.length === 0) return;
    const [document] = this.#open.splice(this.#random.below(this.#open.length), 1);
    document!.subscription.unsubscribe();
    this.#kept.set(document!.channel, document!.words);
  }

  /** Lists the documents that differ from the store. */
  differences(): string[] {
    const { store } = this.#scene.cluster;
    return this.#open.flatMap((document) => {
      const { ops } = store.read(document.channel, { after: 0, limit: Infinity });
      const difference = document.difference(new Set(ops.flatMap(({ payload }) => wordsOf(payload))));
      return difference === undefined ? [] : [`${document.subscription.state} ${difference}`];
    });
  }
}
