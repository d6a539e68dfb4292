import { type Operation, isRemoval } from '@longwave/protocol';
import { heldBytesOf, operationBytes } from '../meter.js';

/**
 * The state of a channel: for each entry the operation that made it what it is, and the last removals. Entries keep
 * their place in it for as long as they exist, so that a reader can go through them in steps while they change.
 */
export class StateMap {
  readonly #places: (Operation | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #index = new Map<string, number>();
  /** Keys that were removed, the oldest removal first. */
  readonly #removals = new Set<string>();
  readonly #maxRemovals: number;
  #bytes = 0;
  /** Bytes of memory in all, roughly. */
  heldBytes = 0;
  /** Removals up to here are forgotten: who stands before it cannot learn of them by name (STATE-4). */
  floor: number;

  constructor(maxRemovals: number, floor = 0) {
    this.#maxRemovals = maxRemovals;
    this.floor = floor;
  }

  /** Entries, without removals. */
  get size(): number {
    return this.#index.size - this.#removals.size;
  }

  /** Bytes of keys and values. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Places, some of them empty. */
  get places(): number {
    return this.#places.length;
  }

  at(place: number): Operation | undefined {
    return this.#places[place];
  }

  /** The operation that made the entry what it is, or that removed it if that is not forgotten. */
  last(key: string): Operation | undefined {
    const place = this.#index.get(key);
    return place === undefined ? undefined : this.#places[place];
  }

  /** Undefined: there is no such entry. */
  get(key: string): Operation | undefined {
    const op = this.last(key);
    return op && !isRemoval(op.kind) ? op : undefined;
  }

  *[Symbol.iterator](): Iterator<Operation> {
    for (const op of this.#places) if (op && !isRemoval(op.kind)) yield op;
  }

  /** Where the entry or its removal is, or would be put now. */
  placeOf(key: string): number {
    return this.#index.get(key) ?? this.#free.at(-1) ?? this.#places.length;
  }

  /** The operation came next for its entry. Returns the removal that is forgotten for it, if one is. */
  apply(op: Operation): Operation | undefined {
    const key = op.key ?? '';
    let place = this.#index.get(key);
    if (place === undefined) {
      place = this.#free.pop() ?? this.#places.length;
      this.#index.set(key, place);
    } else this.#count(this.#places[place]!, -1);
    this.#places[place] = op;
    this.#count(op, 1);
    this.#removals.delete(key);
    if (!isRemoval(op.kind)) return undefined;
    this.#removals.add(key);
    return this.#removals.size > this.#maxRemovals ? this.#forgetOldest() : undefined;
  }

  #count(op: Operation, sign: 1 | -1): void {
    this.#bytes += sign * bytesOf(op);
    this.heldBytes += sign * (heldBytesOf(op.payload) + heldBytesOf(op.key ?? '') + operationBytes);
  }

  #forgetOldest(): Operation {
    const [key] = this.#removals;
    const place = this.#index.get(key!)!;
    const removal = this.#places[place]!;
    this.#count(removal, -1);
    this.floor = Math.max(this.floor, removal.offset);
    this.#removals.delete(key!);
    this.#index.delete(key!);
    this.#places[place] = undefined;
    this.#free.push(place);
    return removal;
  }
}

function bytesOf(op: Operation): number {
  return isRemoval(op.kind) ? 0 : op.payload.length + (op.key?.length ?? 0);
}
