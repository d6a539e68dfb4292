import type { Position } from '@longwave/protocol';

interface Parent {
  readonly id: string;
  readonly after: number;
}

/**
 * The relation of a log to that of a position. `unknown`: its epoch is as long as one can be, and says nothing of it.
 */
export type Relation = 'continues' | 'truncated' | 'other' | 'unknown';

/** Logs that an epoch tells of at most. */
const maxParts = 8;

interface Parsed {
  readonly head: string;
  /** Where the head begins: what lies at or before it belongs to an older log. */
  readonly after: number;
  /** It tells of as many logs as it can. */
  readonly isFull: boolean;
}

/**
 * The logs of one channel, and which went on from which, as their epochs say (EPOCH-1). It remembers what they said, beyond the
 * few parts that an epoch tells of, and reads them by itself: what it checks shall not check itself.
 */
export class Lineage {
  readonly #parsed = new Map<string, Parsed>();
  readonly #parents = new Map<string, Parent>();

  get parents(): ReadonlyMap<string, Parent> {
    return this.#parents;
  }

  learn(epoch: string): Parsed {
    const known = this.#parsed.get(epoch);
    if (known) return known;
    const parts = epoch.split('~').map((part) => {
      const dot = part.indexOf('.');
      return dot < 0 ? { id: part, after: 0 } : { id: part.slice(dot + 1), after: Number(part.slice(0, dot)) };
    });
    for (const [i, { id, after }] of parts.entries()) {
      const before = parts[i - 1];
      if (before && !this.#parents.has(id)) this.#parents.set(id, { id: before.id, after });
    }
    const { id: head, after } = parts.at(-1)!;
    const parsed = { head, after, isFull: parts.length >= maxParts };
    this.#parsed.set(epoch, parsed);
    return parsed;
  }

  absorb(parents: ReadonlyMap<string, Parent>): void {
    for (const [id, parent] of parents) if (!this.#parents.has(id)) this.#parents.set(id, parent);
  }

  /** The log that wrote this operation of the log named `epoch`. */
  ownerOf(epoch: string, offset: number): string {
    const { head, after } = this.learn(epoch);
    if (offset > after) return head;
    let id = head;
    for (let parent = this.#parents.get(id); parent && offset <= parent.after; parent = this.#parents.get(id)) {
      id = parent.id;
    }
    return id;
  }

  /**
   * Returns the relation of the log named `epoch` to that of the position: it continues it, ends before it, or is
   * another. Two logs that went on from the same one share what lies before either left it.
   */
  relation(from: Position, epoch: string): Relation {
    if (from.epoch === epoch) return 'continues';
    const old = new Map(this.#ancestry(this.learn(from.epoch).head));
    for (const [id, shared] of this.#ancestry(this.learn(epoch).head)) {
      const left = old.get(id);
      if (left !== undefined) return from.offset <= Math.min(shared, left) ? 'continues' : 'truncated';
    }
    // The epoch names no more, and nobody was told what came before while it still did.
    return this.learn(epoch).isFull ? 'unknown' : 'other';
  }

  /** The log and those it went on from, each with the last operation that is common to all from there on. */
  *#ancestry(head: string): Generator<readonly [id: string, shared: number]> {
    let shared = Infinity;
    for (let id: string | undefined = head; id !== undefined;) {
      yield [id, shared];
      const parent = this.#parents.get(id);
      if (parent) shared = Math.min(shared, parent.after);
      id = parent?.id;
    }
  }
}
