import { LongwaveError } from '@longwave/protocol';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { ClockRanges } from './clock-ranges.js';
import { type Block, type Deletion, type Scan, findStruct } from './scan-update.js';
import { type Parts, atOnce, itemsPerPart } from './turns.js';

/** The update that says nothing. */
export const emptyUpdate: Uint8Array = Uint8Array.of(0, 0);

/** How many clocks of each Yjs client somebody has. */
export type StateVector = ReadonlyMap<number, number>;

/** Batches in which the deletions of one update are taken. */
const maxBatches = 16;
/** Clients that a state vector may name. */
const maxClients = 1_000_000;

/** Throws `invalid-data`. */
export function readStateVector(bytes: Uint8Array): StateVector {
  const reader = new ByteReader(bytes);
  const vector = new Map<number, number>();
  const count = reader.uint();
  if (count > maxClients) throw new LongwaveError('invalid-data', 'The state vector names too many clients.');
  for (let left = count; left > 0; left--) {
    const client = reader.uint();
    vector.set(client, reader.uint());
  }
  return vector;
}

/** All that a document says, as an index: it tells what an update adds, and what somebody lacks, without a `Y.Doc`. */
export class Known {
  readonly #structs = new ClockRanges();
  readonly #deleted = new ClockRanges();
  #vector: Uint8Array | undefined;
  #deletions: Uint8Array | undefined;

  add(scan: Scan): void {
    atOnce(this.addParts(scan));
  }

  /** As `add`. Meanwhile it says less than it will, and nothing that is not so. */
  *addParts({ blocks, deletions }: Scan): Parts<void> {
    this.#vector = undefined;
    let room = itemsPerPart;
    for (const { client, clock, end, skips } of blocks) {
      let from = clock;
      for (let i = 0; i < skips.length; i += 2) {
        this.#structs.add(client, from, skips[i]!);
        from = skips[i + 1]!;
      }
      this.#structs.add(client, from, end);
      room -= 1 + skips.length;
      if (room > 0) continue;
      yield;
      room = itemsPerPart;
      this.#vector = undefined;
    }
    // Each batch copies what there is: so there are few.
    const batch = Math.max(itemsPerPart, Math.ceil(deletions.length / maxBatches));
    for (let at = 0; at < deletions.length; at += batch) {
      if (at > 0) yield;
      const part = batch < deletions.length ? deletions.slice(at, at + batch) : deletions;
      for (const [client, ranges] of byClient(part)) this.#deleted.addAll(client, ranges);
      this.#deletions = undefined;
    }
  }

  /** Whether the document says all of it already. */
  covers(scan: Scan): boolean {
    return atOnce(this.#coversParts(scan));
  }

  *#coversParts({ blocks, deletions }: Scan): Parts<boolean> {
    let room = itemsPerPart;
    for (const { client, clock, end, skips } of blocks) {
      let from = clock;
      for (let i = 0; i < skips.length; i += 2) {
        if (!this.#structs.covers(client, from, skips[i]!)) return false;
        from = skips[i + 1]!;
      }
      if (!this.#structs.covers(client, from, end)) return false;
      room -= 1 + skips.length;
      if (room > 0) continue;
      yield;
      room = itemsPerPart;
    }
    for (const { client, from, to } of deletions) {
      if (!this.#deleted.covers(client, from, to)) return false;
      if (--room > 0) continue;
      yield;
      room = itemsPerPart;
    }
    return true;
  }

  /**
   * The update without the deletions that the document has, or undefined where it adds nothing at all. A client answers each first
   * step with all deletions that it knows of: stored as they are, they would be most of the log.
   */
  reduce(update: Uint8Array, scan: Scan): Uint8Array | undefined {
    return atOnce(this.reduceParts(update, scan));
  }

  /** As `reduce`. */
  *reduceParts(update: Uint8Array, scan: Scan): Parts<Uint8Array | undefined> {
    if (yield* this.#coversParts(scan)) return undefined;
    // Deletions of the structs beside them stay: an update is whole by itself, also in a log that lost what this one has.
    const starts = startsOf(scan.blocks);
    const news: Deletion[] = [];
    for (const [i, deletion] of scan.deletions.entries()) {
      const { client, from, to } = deletion;
      if (to > (starts.get(client) ?? Infinity) || !this.#deleted.covers(client, from, to)) news.push(deletion);
      if (i % itemsPerPart === itemsPerPart - 1) yield;
    }
    if (news.length === scan.deletions.length) return update;
    const clients = byClient(news);
    const writer = new ByteWriter().raw(update.subarray(0, scan.blocks.at(-1)?.to ?? 1)).uint(clients.size);
    for (const [client, ranges] of clients) {
      writer.uint(client).uint(ranges.length);
      for (const { from, to } of ranges) writer.uint(from).uint(to - from);
    }
    return writer.finish();
  }

  /** Its state vector, encoded. */
  get vector(): Uint8Array {
    return (this.#vector ??= this.#encodeVector());
  }

  /**
   * An update that deletes all that is deleted, and says nothing else: the very bytes that Yjs makes of it, as clients do that have all of
   * the document when they are asked what they have.
   */
  get deletions(): Uint8Array {
    return (this.#deletions ??= this.#encodeDeletions());
  }

  #encodeVector(): Uint8Array {
    const clocks: [client: number, clock: number][] = [];
    for (const client of this.#structs.clients) {
      const clock = this.#structs.prefixOf(client);
      if (clock > 0) clocks.push([client, clock]);
    }
    const writer = new ByteWriter().uint(clocks.length);
    for (const [client, clock] of clocks) writer.uint(client).uint(clock);
    return writer.finish();
  }

  #encodeDeletions(): Uint8Array {
    const clients = [...this.#deleted.clients].toSorted((a, b) => b - a);
    const writer = new ByteWriter().uint(0).uint(clients.length);
    for (const client of clients) {
      const bounds = this.#deleted.boundsOf(client);
      writer.uint(client).uint(bounds.length / 2);
      for (let i = 0; i < bounds.length; i += 2) writer.uint(bounds[i]!).uint(bounds[i + 1]! - bounds[i]!);
    }
    return writer.finish();
  }
}

/** The first clock that the blocks have of each client. */
function startsOf(blocks: readonly Block[]): ReadonlyMap<number, number> {
  const starts = new Map<number, number>();
  for (const { client, clock } of blocks) starts.set(client, Math.min(clock, starts.get(client) ?? Infinity));
  return starts;
}

function byClient(deletions: readonly Deletion[]): ReadonlyMap<number, Deletion[]> {
  const clients = new Map<number, Deletion[]>();
  for (const deletion of deletions) {
    const others = clients.get(deletion.client);
    if (others) others.push(deletion);
    else clients.set(deletion.client, [deletion]);
  }
  return clients;
}

/** The structs of an update that a reader with this state vector lacks, as an update without deletions. Undefined: it lacks none. */
export function structsMissing(update: Uint8Array, blocks: readonly Block[], has: StateVector): Uint8Array | undefined {
  const missing = blocks.filter(({ client, end }) => end > (has.get(client) ?? 0));
  if (missing.length === 0) return undefined;
  const writer = new ByteWriter().uint(missing.length);
  for (const block of missing) {
    const { at, clock, count } = findStruct(update, block, has.get(block.client) ?? 0);
    writer.uint(count).uint(block.client).uint(clock).raw(update.subarray(at, block.to));
  }
  return writer.uint(0).finish();
}
