import type { Link } from '../links/connection.js';

/** Journals that have a message in the stream, as far as this node was told. */
export class WrittenSubjects {
  readonly #subjects = new Set<string>();
  /** Subjects of channels that were written before the log began: the stream still has their journals. */
  #others = 0;

  /** Those that there are now. `isOurs` is false where the stream has journals from before the log began. */
  async read({ jsm }: Link, stream: string, isOurs: boolean): Promise<void> {
    this.#subjects.clear();
    this.#others = 0;
    const { state } = await jsm.streams.info(stream, { subjects_filter: '>' });
    const subjects = Object.keys(state.subjects ?? {});
    if (isOurs) for (const subject of subjects) this.#subjects.add(subject);
    else this.#others = subjects.length;
  }

  add(subject: string): void {
    this.#subjects.add(subject);
  }

  has(subject: string): boolean {
    return this.#subjects.has(subject);
  }

  /** So many journals the stream has at least, as no node removes the last message of one. */
  get count(): number {
    return Math.max(this.#subjects.size, this.#others);
  }
}
