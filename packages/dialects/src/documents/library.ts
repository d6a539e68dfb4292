import type { Engine, Logger } from '@longwave/core';
import { HeldDocument } from './held-document.js';

/** How long a document that nobody has open any more is held: its clients may be on their way back. */
const lingerMs = 30_000;

interface Held {
  readonly document: HeldDocument;
  readonly opening: Promise<void>;
  users: number;
  lingering: NodeJS.Timeout | undefined;
}

/** The documents that clients of dialects have open on this node. */
export class Library {
  readonly #engine: Engine;
  readonly #logger: Logger;
  readonly #held = new Map<string, Held>();

  constructor({ engine, logger }: { readonly engine: Engine; readonly logger: Logger }) {
    this.#engine = engine;
    this.#logger = logger;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Rejects where the document cannot be read: it is never taken for an empty one. The caller calls `release` in the end. */
  async open(channel: string): Promise<HeldDocument> {
    const held = this.#held.get(channel) ?? this.#begin(channel);
    clearTimeout(held.lingering);
    held.users++;
    try {
      await held.opening;
    } catch (error) {
      held.users--;
      throw error;
    }
    return held.document;
  }

  release(document: HeldDocument): void {
    const { channel } = document;
    const held = this.#held.get(channel);
    if (held?.document !== document || --held.users > 0) return;
    held.lingering = setTimeout(() => this.#drop(channel, held), lingerMs).unref();
  }

  close(): void {
    for (const [channel, held] of this.#held) this.#drop(channel, held);
  }

  #begin(channel: string): Held {
    const document = new HeldDocument({ engine: this.#engine, logger: this.#logger, channel });
    const opening = document.open();
    const held: Held = { document, opening, users: 0, lingering: undefined };
    this.#held.set(channel, held);
    opening.catch(() => this.#drop(channel, held));
    return held;
  }

  #drop(channel: string, held: Held): void {
    clearTimeout(held.lingering);
    held.document.close();
    if (this.#held.get(channel) === held) this.#held.delete(channel);
  }
}
