import { isWrongLastSequence } from './agreement.js';
import type { Link } from './connection.js';
import type { Era } from './model.js';
import type { Names } from './names.js';

interface StoredEras {
  /** The stream of journals that they are of. */
  readonly shard: string;
  readonly eras: readonly Era[];
}

/** Eras of a shard, as all nodes know them. */
export class Eras {
  readonly #stream: string;
  readonly #subject: string;
  readonly #shard: string;

  constructor(names: Names, index: number, shard: string) {
    this.#stream = names.meta;
    this.#subject = names.eras(index);
    this.#shard = shard;
  }

  async read(link: Link): Promise<readonly Era[]> {
    return (await this.#read(link)).eras;
  }

  /** Ends the era after `known`, unless another node has done so. */
  async end(link: Link, known: readonly Era[], era: Era): Promise<readonly Era[]> {
    const { seq, eras } = await this.#read(link);
    if (eras.length > known.length) return eras;
    const stored: StoredEras = { shard: this.#shard, eras: [...eras, era] };
    try {
      await link.js.publish(this.#subject, JSON.stringify(stored), { expect: { lastSubjectSequence: seq } });
      return stored.eras;
    } catch (error) {
      if (!isWrongLastSequence(error)) throw error;
      return this.read(link);
    }
  }

  async #read({ jsm }: Link): Promise<{ readonly seq: number; readonly eras: readonly Era[] }> {
    const message = await jsm.streams.getMessage(this.#stream, { last_by_subj: this.#subject });
    const stored = message?.json<StoredEras>();
    return { seq: message?.seq ?? 0, eras: stored?.shard === this.#shard ? stored.eras : [] };
  }
}
