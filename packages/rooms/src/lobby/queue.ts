import { type RoomEngine, type ServerWatch, isToldOf } from '@longwave/core';
import { LongwaveError, type RulesOf, type StateBounds, checkOptions, option } from '@longwave/protocol';
import { appendIfExpected } from '../nodes/stored-entry.js';
import type { CreateRoom } from './create-room.js';
import { type MatchRules, type Ticket, matchTickets } from './match.js';

const bounds: StateBounds = { keys: 100_000, bytes: 64 * 1024 * 1024, removals: 10_000 };
const passMs = 250;
/** Games that are begun in one pass: the others in the next. */
const mostGames = 100;
/** A node that claims tickets and is gone has told nobody after so long. */
const claimMs = 5000;
const maxRating = 1e9;
const maxName = 256;

/** A game that was found. */
export interface Match {
  /** Name of the room, to be joined now. */
  readonly room: string;
  /** All who were matched. */
  readonly players: readonly string[];
}

/** An `AbortSignal`, as far as it is used. */
export interface LeaveSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Options of {@link MatchQueue.enter}. */
export interface EnterQueue {
  /** One, or a party of several who want to play together, by any name. Each waits in the queue once. */
  readonly players: readonly string[];
  /** Default 0: whoever comes first. */
  readonly rating?: number;
  /** Leaves the queue. */
  readonly signal?: LeaveSignal;
}

/** Options of a queue. */
export interface QueueOptions extends MatchRules {
  /** Name of the rooms in the contract. */
  readonly pattern: string;
  /** How the room is made for these players. Default: private, without options. */
  readonly make?: (players: readonly string[]) => CreateRoom;
}

/** A queue of players who wait for a game, of all nodes. */
export interface MatchQueue {
  /** Those who wait on all nodes, parties as one. */
  readonly waiting: number;
  /**
   * Waits for a game. Rejects with `conflict` where one of the players waits already, with `going-away` when the node closes, with the
   * reason of `signal`, with `unavailable` while the store is away, and with `TypeError` for what cannot be.
   */
  enter(ticket: EnterQueue): Promise<Match>;
}

/** A ticket as the store has it. `game`: it was claimed for one, at `claimedAt`. */
interface StoredTicket extends Omit<Ticket, 'id'> {
  readonly node: string;
  readonly game?: string;
  readonly claimedAt?: number;
  readonly match?: Match;
}

interface Waiting {
  readonly resolve: (match: Match) => void;
  readonly reject: (error: unknown) => void;
}

export interface QueueHost {
  /** Nodes that are there, this one among them. */
  nodes(): readonly string[];
  create(pattern: string, given: CreateRoom): Promise<string>;
}

/** Those who wait are entries of a map in the store. One node at a time brings them together, and claims each before it tells anybody. */
export class StoredQueue implements MatchQueue {
  readonly #key: string;
  readonly #options: QueueOptions;
  readonly #host: QueueHost;
  readonly #own = new Map<string, Waiting>();
  #engine: RoomEngine | undefined;
  #watch: ServerWatch | undefined;
  #stop: () => void = () => undefined;
  #closed = false;

  constructor(name: string, options: QueueOptions, host: QueueHost) {
    this.#key = `$queue/${name}`;
    this.#options = options;
    this.#host = host;
  }

  start(engine: RoomEngine): void {
    this.#engine = engine;
    this.#watch = engine.listening.watchOwn(this.#key, bounds, (entries, { added, updated }) => {
      for (const id of [...added, ...updated]) this.#onTicket(id, entries.get(id) as StoredTicket);
    });
    this.#watch.ready.catch(() => undefined);
    this.#schedule();
  }

  get waiting(): number {
    return [...this.#tickets].filter(([, { game }]) => game === undefined).length;
  }

  async enter({ players, rating = 0, signal }: EnterQueue): Promise<Match> {
    const { size } = this.#options;
    const areTexts = Array.isArray(players) && players.every((one) => typeof one === 'string' && one.length <= maxName);
    if (!areTexts || players.length === 0 || players.length > size || new Set(players).size < players.length)
      throw new TypeError(`enter: players must be from 1 to ${size} different names.`);
    if (!(Math.abs(rating) <= maxRating)) throw new TypeError('enter: the rating must be a number.');
    const engine = this.#engine;
    if (!engine || this.#closed) throw new LongwaveError('going-away');
    if (signal?.aborted) throw signal.reason;
    await this.#watch!.ready;
    for (const [, waits] of this.#tickets)
      if (waits.players.some((one) => players.includes(one)))
        throw new LongwaveError('conflict', 'One of the players waits already.');
    const id = engine.makeId();
    const { node } = engine;
    const ticket: StoredTicket = { players, rating, since: engine.clock.now(), node };
    const found = new Promise<Match>((resolve, reject) => this.#own.set(id, { resolve, reject }));
    // To leave before the store has answered is no error of its own.
    found.catch(() => undefined);
    const leave = (): void => this.#own.get(id)?.reject(signal!.reason);
    signal?.addEventListener('abort', leave);
    try {
      await this.#put(id, ticket, 0);
      return await found;
    } finally {
      signal?.removeEventListener('abort', leave);
      this.#own.delete(id);
      // That the store is away has been logged there; the next pass finds that nobody waits here.
      void this.#remove(id).catch(() => undefined);
    }
  }

  close(): void {
    this.#closed = true;
    this.#stop();
    this.#watch?.unsubscribe();
    for (const { reject } of this.#own.values()) reject(new LongwaveError('going-away'));
  }

  get #tickets(): Iterable<[string, StoredTicket]> {
    return (this.#watch?.entries ?? new Map()) as ReadonlyMap<string, StoredTicket>;
  }

  #onTicket(id: string, { match, node }: StoredTicket): void {
    if (match && node === this.#engine!.node) this.#own.get(id)?.resolve(match);
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#stop = this.#engine!.timers.after(passMs, () => {
      this.#pass()
        .catch((error: unknown) => {
          if (!isToldOf(error)) this.#engine!.logger.error('Players could not be brought together.', error);
        })
        .finally(() => this.#schedule());
    });
  }

  /** One node brings players together, so that no two pull at the same; where two do for a moment, one of them claims a ticket first. */
  async #pass(): Promise<void> {
    const { node, clock } = this.#engine!;
    const nodes = new Set(this.#host.nodes()).add(node);
    if ([...nodes].toSorted()[0] !== node) return;
    const free: Ticket[] = [];
    for (const [id, ticket] of this.#tickets) {
      const isOurs = ticket.node === node;
      // Nobody waits for it any more.
      if (!nodes.has(ticket.node) || (isOurs && !this.#own.has(id))) await this.#remove(id);
      else if (ticket.match === undefined && clock.now() - (ticket.claimedAt ?? -Infinity) > claimMs)
        free.push({ ...ticket, id });
    }
    if (free.length === 0) return;
    for (const game of matchTickets(free, this.#options, clock.now()).slice(0, mostGames)) await this.#begin(game);
  }

  async #begin(tickets: readonly Ticket[]): Promise<void> {
    const engine = this.#engine!;
    const game = engine.makeId();
    const claimed: { id: string; ticket: StoredTicket; version: number }[] = [];
    for (const { id } of tickets) {
      const entry = this.#watch!.entry(id);
      const ticket = entry?.value as StoredTicket | undefined;
      const version =
        entry && ticket
          ? await this.#put(id, { ...ticket, game, claimedAt: engine.clock.now() }, entry.version)
          : undefined;
      if (version !== undefined) claimed.push({ id, ticket: ticket!, version });
    }
    const players = tickets.flatMap((ticket) => ticket.players);
    try {
      // One has left, or was claimed for another game: the others wait on.
      if (claimed.length < tickets.length) throw new LongwaveError('conflict');
      const room = await this.#host.create(this.#options.pattern, this.#options.make?.(players) ?? { isPrivate: true });
      for (const { id, ticket, version } of claimed)
        await this.#put(id, { ...ticket, game, match: { room, players } }, version);
    } catch (error) {
      for (const { id, ticket, version } of claimed) await this.#put(id, ticket, version);
      if (!(error instanceof LongwaveError && error.code === 'conflict')) throw error;
    }
  }

  /** Returns the version of the entry, undefined where the store has another one than that. */
  #put(id: string, ticket: StoredTicket, expect: number): Promise<number | undefined> {
    const change = { key: id, payload: JSON.stringify(ticket), expect };
    return appendIfExpected(this.#engine!.store, this.#key, change, bounds);
  }

  async #remove(id: string): Promise<void> {
    await this.#engine!.store.append(this.#key, { key: id, kind: 'delete', payload: '' }, bounds);
  }
}

const number = {
  accepts: 'a number of at least 0',
  fits: (value: unknown) => typeof value === 'number' && value >= 0,
  required: true,
};
const queueRules: RulesOf<QueueOptions> = {
  pattern: { ...option.text, required: true },
  size: { ...option.wholeNumber(1, 1000), required: true },
  spread: { ...option.fields({ start: number, perSecond: number, most: number }), required: true },
  make: option.callback,
};

/** Throws `TypeError` that names what cannot be. */
export function checkQueue(name: string, options: QueueOptions): void {
  checkOptions('rooms.queue', { name }, { name: { ...option.text, required: true } });
  checkOptions('rooms.queue', options, queueRules);
}
