import { LongwaveError } from '@longwave/protocol';
import type { Logger } from '../base/ports.js';
import type { MaybePromise } from '../base/maybe-promise.js';
import type { Bus } from './bus.js';

/** Fits into a message of every store. */
const maxLength = 64 * 1024;

interface Notice {
  readonly topic: string;
  readonly text: string;
}

/**
 * Texts that a node tells all others, on a topic. They take the way of calls to clients, by the store: a node that is cut off for less
 * than a minute hears them late, one that is cut off for longer, or starts later, never.
 */
export class Notices {
  readonly #logger: Logger;
  readonly #handlers = new Map<string, Set<(text: string) => void>>();
  #bus: Bus | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** The handlers for the bus of the cluster. */
  handlers(): Readonly<Record<string, (data: unknown) => MaybePromise<unknown>>> {
    return { notice: (data) => this.#hear(data as Notice) };
  }

  /** Says by which bus the others are told. Without one the node is alone. */
  join(bus: Bus): void {
    this.#bus = bus;
  }

  /**
   * Tells the other nodes. Resolves when the store has it. Rejects with `too-large` above 64 Ki characters, with `unavailable` when the
   * store cannot be reached.
   */
  async tell(topic: string, text: string): Promise<void> {
    if (text.length > maxLength)
      throw new LongwaveError('too-large', `A notice has ${maxLength} characters at most, not ${text.length}.`);
    await this.#bus?.ask('notice', { topic, text } satisfies Notice, []);
  }

  /** Calls `handler` with each text of another node. Returns a function that ends it. */
  hear(topic: string, handler: (text: string) => void): () => void {
    const handlers = this.#handlers.get(topic) ?? new Set();
    this.#handlers.set(topic, handlers.add(handler));
    return () => void handlers.delete(handler);
  }

  #hear({ topic, text }: Notice): void {
    for (const handler of this.#handlers.get(topic) ?? []) {
      try {
        handler(text);
      } catch (error) {
        this.#logger.error(`A handler of notices of '${topic}' failed.`, error);
      }
    }
  }
}
