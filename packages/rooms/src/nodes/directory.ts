import type { RoomEngine, ServerWatch } from '@longwave/core';
import type { StateBounds } from '@longwave/protocol';
import { appendIfExpected, readEntry } from './stored-entry.js';

const key = '$rooms';
const bounds: StateBounds = { keys: 100_000, bytes: 64 * 1024 * 1024, removals: 10_000 };
/** A node says so often that it is there, and is gone where it has not for so long. */
const sayMs = 5000;
const goneMs = 15_000;
const roomPrefix = 'room/';
const nodePrefix = 'node/';
/** Rooms of a node that is gone are forgotten so long afterwards, unless they went on elsewhere. */
const forgetMs = 30_000;
/** A new room comes to the node that was asked for it, unless another one has so many players fewer. */
const muchLess = 50;

/** Where a room is, and facts of it for lists. */
export interface Placed {
  readonly node: string;
  /** Rises with each node that takes the room. */
  readonly term: number;
  readonly pattern: string;
  readonly params: Readonly<Record<string, string>>;
  readonly players: number;
  readonly maxPlayers: number;
  /** JSON that the room was made with. */
  readonly options?: unknown;
  /** JSON that the rules tell of it. */
  readonly about?: unknown;
  /** It is in no list. */
  readonly isPrivate?: boolean;
}

/** Where a room is, as the store has it. */
export interface Found extends Placed {
  /** 0: the store has none. */
  readonly version: number;
}

interface NodeEntry {
  readonly draining: boolean;
}

/** Knows which node has which room: a map in the store, of which each node has a copy. */
export class Directory {
  readonly #engine: RoomEngine;
  readonly #onMoved: (room: string, placed: Placed | undefined) => void;
  #watch: ServerWatch | undefined;
  #isDraining = false;
  /** When it was first seen that the node of a room is gone. */
  readonly #lostAt = new Map<string, number>();
  #sweptAt = 0;
  #stop: () => void = () => undefined;
  #closed = false;

  /** `onMoved` is called when something has changed of a room. */
  constructor(engine: RoomEngine, onMoved: (room: string, placed: Placed | undefined) => void) {
    this.#engine = engine;
    this.#onMoved = onMoved;
  }

  open(): void {
    this.#watch = this.#engine.listening.watchOwn(key, bounds, (_, { added, updated, removed }) => {
      for (const name of [...added, ...updated, ...removed.map((entry) => entry.key)]) {
        if (!name.startsWith(roomPrefix)) continue;
        this.#onMoved(name.slice(roomPrefix.length), this.#entries.get(name) as Placed | undefined);
      }
    });
    this.#watch.ready.catch(() => undefined);
    this.#say();
  }

  /** Other nodes that are there and take rooms. */
  get others(): readonly string[] {
    const { node } = this.#engine;
    return this.#nodes.filter((other) => other !== node);
  }

  /** The rooms of nodes that are there. */
  *rooms(): Iterable<readonly [room: string, placed: Placed]> {
    const there = new Set(this.#namesOf(nodePrefix));
    for (const [name, value] of this.#entries) {
      if (!name.startsWith(roomPrefix)) continue;
      const placed = value as Placed;
      if (there.has(placed.node)) yield [name.slice(roomPrefix.length), placed];
    }
  }

  /** Where the store has the room now. */
  async find(room: string): Promise<Found | undefined> {
    const op = await readEntry(this.#engine.store, key, roomPrefix + room);
    return op && { ...(JSON.parse(op.payload as string) as Placed), version: op.offset };
  }

  /** The node for a new room. */
  choose(): string {
    const { node } = this.#engine;
    const load = new Map(this.#nodes.map((other) => [other, 0]));
    for (const [, placed] of this.rooms()) {
      const known = load.get(placed.node);
      // A room costs something without players too.
      if (known !== undefined) load.set(placed.node, known + placed.players + 1);
    }
    let [best, least] = [node, this.#isDraining ? Infinity : (load.get(node) ?? 0) - muchLess];
    for (const [other, players] of load) if (players < least) [best, least] = [other, players];
    return best;
  }

  /** Says where a room is from now on, unless the store knows better than `version`. Returns the new one, or undefined. */
  async place(room: string, placed: Placed, version: number): Promise<number | undefined> {
    const change = { key: roomPrefix + room, payload: JSON.stringify(placed), expect: version };
    return appendIfExpected(this.#engine.store, key, change, bounds);
  }

  /** The room is nowhere any more, unless the store knows better. */
  async remove(room: string, version: number): Promise<void> {
    const removal = { key: roomPrefix + room, kind: 'delete', payload: '', expect: version } as const;
    await appendIfExpected(this.#engine.store, key, removal, bounds);
  }

  /** Forgets the rooms of nodes that are gone. Called about once a second. */
  async sweep(now: number): Promise<void> {
    if (Math.abs(now - this.#sweptAt) < sayMs) return;
    this.#sweptAt = now;
    const there = new Set(this.#namesOf(nodePrefix));
    for (const [name, value] of this.#entries) {
      if (!name.startsWith(roomPrefix)) continue;
      if (there.has((value as Placed).node)) this.#lostAt.delete(name);
      else if (!this.#lostAt.has(name)) this.#lostAt.set(name, now);
    }
    for (const [name, at] of this.#lostAt) {
      const version = this.#watch?.entry(name)?.version;
      if (version !== undefined && now - at < forgetMs) continue;
      this.#lostAt.delete(name);
      if (version !== undefined) await this.remove(name.slice(roomPrefix.length), version);
    }
  }

  /** No room comes here any more. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    await this.#put();
  }

  /** Leaves of its own will. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stop();
    this.#watch?.unsubscribe();
    const removal = { key: nodePrefix + this.#engine.node, kind: 'delete', payload: '' } as const;
    await this.#engine.store.append(key, removal, bounds);
  }

  get #entries(): ReadonlyMap<string, unknown> {
    return this.#watch?.entries ?? new Map();
  }

  get #nodes(): readonly string[] {
    return this.#namesOf(nodePrefix).filter(
      (name) => !(this.#entries.get(nodePrefix + name) as NodeEntry | undefined)?.draining,
    );
  }

  #namesOf(prefix: string): readonly string[] {
    return [...this.#entries.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  }

  #say(): void {
    if (this.#closed) return;
    // That the store is away has been logged there, and it is said again.
    void this.#put().catch(() => undefined);
    this.#stop = this.#engine.timers.after(sayMs, () => this.#say());
  }

  async #put(): Promise<void> {
    const { store, node: holder } = this.#engine;
    const payload = JSON.stringify({ draining: this.#isDraining } satisfies NodeEntry);
    await store.append(key, { key: nodePrefix + holder, payload, ttlMs: goneMs, holder, ifChanged: true }, bounds);
  }
}
