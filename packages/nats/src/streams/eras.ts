import { isWrongLastSequence } from './agreement.js';
import type { Link } from '../links/connection.js';
import type { Era } from './model.js';
import type { Names } from '../names.js';

interface StoredEras {
  /** The stream of journals that they are of. */
  readonly shard: string;
  readonly begun?: Begun;
  readonly eras: readonly Era[];
}

/** The shard began anew after `after`: parts of its journal were removed that no checkpoint has. */
export interface Begun {
  readonly id: string;
  readonly after: number;
}

/** Facts about a shard that all nodes know. */
export interface KnownEras {
  readonly begun: Begun | undefined;
  /** Since it began. */
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

  async read(link: Link): Promise<KnownEras> {
    const { begun, eras } = await this.#read(link);
    return { begun, eras };
  }

  /** Ends the era after `known`, unless another node has done so. */
  async end(link: Link, known: readonly Era[], era: Era): Promise<readonly Era[]> {
    const { seq, begun, eras } = await this.#read(link);
    if (eras.length > known.length) return eras;
    return (await this.#write(link, seq, { begun, eras: [...eras, era] })).eras;
  }

  /** Begins anew, unless another node has done so since `known`. */
  async begin(link: Link, known: Begun | undefined, begun: Begun): Promise<void> {
    const { seq, begun: stored } = await this.#read(link);
    if (stored?.id === known?.id) await this.#write(link, seq, { begun, eras: [] });
  }

  async #write(link: Link, seq: number, { begun, eras }: KnownEras): Promise<KnownEras> {
    const stored: StoredEras = { shard: this.#shard, ...(begun && { begun }), eras };
    try {
      await link.js.publish(this.#subject, JSON.stringify(stored), { expect: { lastSubjectSequence: seq } });
      return { begun, eras };
    } catch (error) {
      if (!isWrongLastSequence(error)) throw error;
      return this.read(link);
    }
  }

  async #read({ jsm }: Link): Promise<KnownEras & { readonly seq: number }> {
    const message = await jsm.streams.getMessage(this.#stream, { last_by_subj: this.#subject });
    const stored = message?.json<StoredEras>();
    const seq = message?.seq ?? 0;
    return stored?.shard === this.#shard
      ? { seq, begun: stored.begun, eras: stored.eras }
      : { seq, begun: undefined, eras: [] };
  }
}
