import type { StreamInfo } from '@nats-io/jetstream';
import type { Link } from '../links/connection.js';
import type { Names } from '../names.js';
import { isWrongLastSequence } from './agreement.js';

interface StoredCount {
  /** Epoch of the log whose journals were counted. */
  readonly log: string;
  readonly journals: number;
}

/**
 * The number of journals that a stream had when a node last looked, kept beside the stream. No node removes the last
 * message of a journal, so a stream with fewer lost one, also while no node ran.
 */
export class JournalCount {
  readonly #stream: string;
  readonly #subject: string;
  readonly #log: string;
  #known = 0;

  constructor(names: Names, index: number, log: string) {
    this.#stream = names.meta;
    this.#subject = names.count(index);
    this.#log = log;
  }

  /** So many there were, as far as this node knows. */
  get known(): number {
    return this.#known;
  }

  /** Learns what other nodes counted. Returns the stream as it is after that, of which `info` was told before. */
  async compare(link: Link, info: StreamInfo): Promise<StreamInfo> {
    const { journals } = await this.#read(link);
    this.#known = Math.max(this.#known, journals);
    return (info.state.num_subjects ?? 0) < journals ? link.jsm.streams.info(info.config.name) : info;
  }

  /** There are so many: kept, if they are more than before. */
  async keep(link: Link, journals: number): Promise<void> {
    if (journals <= this.#known) return;
    const stored = await this.#read(link);
    if (stored.journals < journals) {
      const count: StoredCount = { log: this.#log, journals };
      try {
        await link.js.publish(this.#subject, JSON.stringify(count), { expect: { lastSubjectSequence: stored.seq } });
      } catch (error) {
        // Another node counts too: the next look tells who had more.
        if (isWrongLastSequence(error)) return;
        throw error;
      }
    }
    this.#known = Math.max(journals, stored.journals);
  }

  async #read({ jsm }: Link): Promise<{ readonly seq: number; readonly journals: number }> {
    const message = await jsm.streams.getMessage(this.#stream, { last_by_subj: this.#subject });
    const stored = message?.json<StoredCount>();
    return { seq: message?.seq ?? 0, journals: stored?.log === this.#log ? stored.journals : 0 };
  }
}
