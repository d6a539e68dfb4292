import { binaryCodec } from '@longwave/client';
import { Random } from '@longwave/testkit/virtual';
import * as Y from 'yjs';
import { DocumentWorld, type Writer } from './document-world.js';

/** A writer of a run gives each thing that they insert a name of its own: so it can be told what is lost, and what is doubled. */
interface Author {
  readonly writer: Writer;
  readonly inserted: string[];
  readonly removed: string[];
  isOffline: boolean;
}

const maxAuthors = 4;
/** An epoch names eight logs. */
const maxRewinds = 5;
const steps = 60;
const weights = {
  ...{ insert: 30, remove: 8, set: 5, type: 10, wait: 20, drop: 4, offline: 4, online: 6, paste: 1 },
  ...{ compact: 5, restart: 2, join: 4, leave: 2, close: 2, lose: 0, rewind: 0 },
};
type Action = keyof typeof weights;
const shakenWeights = { ...weights, lose: 1, rewind: 2 };

const itemsOf = (ydoc: Y.Doc): Y.Array<string> => ydoc.getArray('a');
const contentOf = (ydoc: Y.Doc): string => {
  const entries = [...ydoc.getMap('m').entries()].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([itemsOf(ydoc).toJSON(), entries, ydoc.getText('t').toDelta()]);
};

/** One history of a document with random edits and faults. `isShaken`: the store loses operations, too. */
export class RandomRun {
  readonly story: string[] = [];
  readonly problems: string[] = [];
  readonly #random: Random;
  readonly #world: DocumentWorld;
  readonly #isShaken: boolean;
  /** Names that somebody inserted, or removed, who left when all of it was acknowledged. */
  readonly #keptForGood: string[] = [];
  readonly #removedForGood: string[] = [];
  /** Names that somebody removed who left before it was acknowledged: they may be there or not. */
  readonly #uncertain: string[] = [];
  #authors: Author[] = [];
  #names = 0;
  #rewinds = 0;

  constructor(seed: string, isShaken: boolean) {
    this.#isShaken = isShaken;
    this.#random = new Random(seed);
    this.#world = new DocumentWorld({ seed, nodes: 2, latencyMs: this.#random.pick([0, 5, 40]) });
  }

  async run(): Promise<void> {
    this.#join();
    this.#join();
    for (let i = 0; i < steps; i++) {
      const action = this.#random.weighted(this.#isShaken ? shakenWeights : weights);
      this.story.push(action);
      await this.#do(action, this.#random.pick(this.#authors));
    }
    await this.#check();
    for (const { writer } of this.#authors) writer.client.close();
  }

  async #do(action: Action, author: Author): Promise<void> {
    const random = this.#random;
    const { ydoc, text } = author.writer;
    switch (action) {
      case 'insert':
        return this.#insert(author);
      case 'remove':
        return this.#remove(author);
      case 'set':
        return void ydoc.getMap('m').set(`k${random.below(3)}`, this.#names++);
      case 'type':
        text.insert(random.below(text.length + 1), 'xyz', random.chance(0.3) ? { bold: true } : {});
        if (random.chance(0.3)) text.format(0, random.below(text.length) + 1, { bold: true });
        return;
      case 'paste':
        return text.insert(random.below(text.length + 1), 'paste '.repeat(5000 + random.below(15_000)));
      case 'wait':
        return this.#world.advance(random.pick([1, 10, 100, 1000]));
      case 'drop':
        return author.writer.drop();
      case 'offline':
        author.isOffline = true;
        return author.writer.offline();
      case 'online':
        return this.#online(author);
      case 'compact':
        return this.#world.compact();
      case 'restart':
        return this.#world.restart();
      case 'join':
        return this.#join(author);
      case 'leave':
      case 'close':
        return this.#leave(author, action === 'leave');
      case 'lose':
        return this.#world.loseStore();
      case 'rewind':
        return this.#rewind();
    }
  }

  #insert({ writer: { ydoc }, inserted }: Author): void {
    const items = itemsOf(ydoc);
    const names = Array.from({ length: 1 + this.#random.below(3) }, () => `n${this.#names++}`);
    inserted.push(...names);
    items.insert(this.#random.below(items.length + 1), names);
  }

  #remove({ writer: { ydoc }, removed }: Author): void {
    const items = itemsOf(ydoc);
    if (items.length === 0) return;
    const at = this.#random.below(items.length);
    const count = Math.min(1 + this.#random.below(3), items.length - at);
    removed.push(...items.slice(at, at + count));
    items.delete(at, count);
  }

  #online(author: Author): void {
    author.isOffline = false;
    author.writer.online();
  }

  /** With what a disk kept for `other`, or with nothing. */
  #join(other?: Author): void {
    if (this.#authors.length >= maxAuthors) return;
    const ydoc = new Y.Doc();
    if (other && this.#random.chance(0.5)) Y.applyUpdate(ydoc, Y.encodeStateAsUpdate(other.writer.ydoc));
    const writer = this.#world.join({
      ...{ ydoc, awareness: false },
      client: this.#random.chance(0.5) ? { codec: binaryCodec() } : {},
    });
    this.#authors.push({ writer, inserted: [], removed: [], isOffline: false });
  }

  async #leave(author: Author, inPeace: boolean): Promise<void> {
    if (this.#authors.length < 2) return;
    const { binding, client } = author.writer;
    this.#authors = this.#authors.filter((other) => other !== author);
    const isSent = inPeace && !author.isOffline && binding.status.state === 'live';
    if (binding.status.unsaved === 0 || isSent) {
      this.#keptForGood.push(...author.inserted);
      this.#removedForGood.push(...author.removed);
    } else this.#uncertain.push(...author.removed);
    if (inPeace) {
      binding.unsubscribe();
      await this.#world.advance(30_000);
    }
    client.close();
  }

  async #rewind(): Promise<void> {
    const { floor, top } = await this.#world.store.bounds('doc/x');
    const by = 1 + this.#random.below(5);
    if (this.#rewinds >= maxRewinds || top - floor <= by) return;
    this.#rewinds++;
    await this.#world.rewindStore(by);
  }

  async #check(): Promise<void> {
    const authors = this.#authors;
    // Operations that the log lost come back from those who are still there, and have them.
    const kept = this.#isShaken ? authors.flatMap(({ writer }) => itemsOf(writer.ydoc).toArray()) : this.#keptForGood;
    const removed = new Set([...authors.flatMap((author) => author.removed), ...this.#removedForGood]);
    for (const author of authors) this.#online(author);
    const isSaved = (): boolean =>
      authors.every(({ writer: { binding } }) => binding.status.state === 'live' && binding.status.unsaved === 0);
    for (let i = 0; i < 60 && (i < 3 || !isSaved()); i++) await this.#world.advance(2000);
    const { problems } = this;
    if (!isSaved()) problems.push(JSON.stringify(authors.map(({ writer }) => writer.binding.status)));

    const stored = await this.#world.stored();
    const content = contentOf(stored);
    const differing = authors.filter(({ writer }) => contentOf(writer.ydoc) !== content);
    if (differing.length > 0) problems.push(`${differing.length} of ${authors.length} replicas differ from the log`);
    // Updates of somebody who left may be there, which are nothing without those that the log lost.
    const missing = [...(stored.store.pendingStructs?.missing.keys() ?? [])];
    const isPresent = (client: number): boolean => authors.some(({ writer }) => writer.ydoc.clientID === client);
    if (missing.some((client) => isPresent(client) || !this.#isShaken))
      problems.push('the log has updates whose predecessors are missing');
    const items = itemsOf(stored).toArray();
    const has = new Set(items);
    if (has.size < items.length) problems.push('something is doubled');
    const promised = [...kept, ...authors.flatMap(({ inserted }) => inserted)];
    const mayBeGone = new Set([...removed, ...this.#uncertain]);
    const lost = promised.filter((name) => !has.has(name) && !mayBeGone.has(name));
    if (lost.length > 0) problems.push(`lost: ${lost.join(' ')}`);
    const risen = [...removed].filter((name) => has.has(name) && !this.#isShaken);
    if (risen.length > 0) problems.push(`removed, and there again: ${risen.join(' ')}`);

    const bytes = await this.#world.storedBytes();
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(stored));
    const { client } = this.#world.join({ ydoc: copy, awareness: false });
    await this.#world.advance(2000);
    const added = (await this.#world.storedBytes()) - bytes;
    if (added > 0) problems.push(`a join of the same document added ${added} bytes`);
    client.close();
  }
}
