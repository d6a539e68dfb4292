import type { AskedRoom, MaybePromise, RoomEngine, RoomSource } from '@longwave/core';
import { LongwaveError, presencePrefix } from '@longwave/protocol';
import type { AnyLogic } from '../contract/logic.js';
import type { RoomDefinition } from '../contract/room.js';
import type { Checkpoint } from '../nodes/checkpoints.js';
import type { Placed } from '../nodes/directory.js';
import { type MatchQueue, type QueueOptions, StoredQueue, checkQueue } from '../lobby/queue.js';
import { Nodes } from '../nodes/nodes.js';
import type { AnyFeed, RoomsHere } from '../nodes/rooms-here.js';
import { Room } from '../server/room.js';
import { RoomFeed } from '../server/room-feed.js';
import { stateToText } from '../nodes/state-text.js';
import { type Recording, Recorder } from '../server/recording.js';
import type { CreateRoom } from '../lobby/create-room.js';
import type { FindRooms, FoundRoom, RoomInfo, Rooms } from './rooms.js';

/** A room whose step failed is not made anew for so long: rules that fail at once must not make a room a turn. */
const failedMs = 1000;
const sweepMs = 1000;
const maxAbout = 1024;
const maxOptions = 4096;

interface RoomLimits {
  readonly maxRooms: number;
  /** Length of a room's recording; 0: nothing is recorded. */
  readonly recordBytes: number;
}

/** The rooms of one node, and the way to those of others. */
export class ServedRooms implements Rooms, RoomsHere {
  readonly feeds = new Map<string, AnyFeed>();
  readonly #rules: Readonly<Record<string, AnyLogic>>;
  readonly #limits: RoomLimits;
  readonly #queues = new Map<string, StoredQueue>();
  readonly #recorders = new WeakMap<AnyFeed, Recorder>();
  readonly #failed = new Set<string>();
  /** Rooms whose `about` has failed. */
  readonly #toldOf = new WeakSet<AnyFeed>();
  #engine: RoomEngine | undefined;
  #nodes: Nodes | undefined;
  #stop: () => void = () => undefined;
  #isScheduled = false;
  #sweptAt = 0;
  #closed = false;

  constructor(rules: Readonly<Record<string, AnyLogic>>, limits: RoomLimits) {
    this.#rules = rules;
    this.#limits = limits;
  }

  start(engine: RoomEngine): void {
    if (this.#engine) throw new TypeError('These rooms are served by another server already.');
    this.#engine = engine;
    for (const queue of this.#queues.values()) queue.start(engine);
    if (engine.relay) this.#nodes = new Nodes(engine, this);
  }

  list(): readonly RoomInfo[] {
    return [...this.feeds.values()].map(({ name, room }) => ({
      name,
      players: room.playerCount,
      tick: room.tick - 1,
    }));
  }

  find({ pattern, where, limit = 100 }: FindRooms = {}): readonly FoundRoom[] {
    const found: FoundRoom[] = [];
    for (const [name, { term: _, isPrivate, ...placed }] of this.#nodes?.directory.rooms() ?? this.#placedHere()) {
      if (isPrivate) continue;
      const room: FoundRoom = { name, ...placed };
      if ((pattern === undefined || pattern === room.pattern) && (where?.(room) ?? true)) found.push(room);
    }
    const hasRoom = ({ players, maxPlayers }: FoundRoom): number => (players < maxPlayers ? 1 : 0);
    return found.toSorted((a, b) => hasRoom(b) - hasRoom(a) || b.players - a.players).slice(0, limit);
  }

  open(asked: AskedRoom): MaybePromise<RoomSource> {
    const open = this.feeds.get(asked.name);
    if (open) return open;
    if (this.#closed) throw new LongwaveError('going-away');
    return this.#nodes ? this.#nodes.find(asked) : this.make(asked, undefined, undefined);
  }

  input(name: string, player: string, data: Uint8Array): void {
    const feed = this.feeds.get(name);
    if (feed) feed.input(player, data);
    else this.#nodes?.input(name, player, data);
  }

  make(asked: AskedRoom, options: unknown, kept: Checkpoint | undefined): AnyFeed {
    const { name, pattern, params, definition } = asked;
    if (this.#closed) throw new LongwaveError('going-away');
    if (this.#failed.has(name)) {
      throw new LongwaveError('unavailable', 'The room has failed, and begins anew soon.', { retryAfterMs: failedMs });
    }
    if (this.feeds.size >= this.#limits.maxRooms)
      throw new LongwaveError('too-many', 'The node holds as many rooms as it may.');
    const engine = this.#engine!;
    const { clock, random, makeId } = engine;
    const [seed, now] = [Math.floor(random() * 2 ** 32), clock.now()];
    const { recordBytes } = this.#limits;
    const from = kept && recordBytes > 0 ? { from: stateToText(kept.room) } : {};
    const recorder =
      recordBytes > 0 ? new Recorder({ name, pattern, params, options, seed, ...from }, recordBytes, now) : undefined;
    const room = new Room({
      ...{ name, params, options, definition: definition as RoomDefinition, logic: this.#rules[pattern]! },
      ...{ seed, now, kept: kept?.room as never, recorder },
    });
    const feed: AnyFeed = new RoomFeed(engine, kept?.isLast ? kept.epoch : makeId(), room);
    if (recorder) this.#recorders.set(feed, recorder);
    this.feeds.set(name, feed);
    const members = engine.listening.watch(presencePrefix + name, {}, (_, change) => feed.onMembers(change));
    members.ready.catch(() => undefined);
    feed.follow(members);
    this.#schedule();
    return feed;
  }

  end(name: string): void {
    const feed = this.feeds.get(name);
    this.feeds.delete(name);
    feed?.end();
  }

  queue(name: string, options: QueueOptions): MatchQueue {
    checkQueue(name, options);
    if (this.#rules[options.pattern] === undefined)
      throw new TypeError(`rooms.queue: there is no room '${options.pattern}'.`);
    if (this.#queues.has(name)) throw new TypeError(`rooms.queue: there is a queue '${name}' already.`);
    const queue = new StoredQueue(name, options, {
      nodes: () => this.#nodes?.directory.others ?? [],
      create: (pattern, given) => this.create(pattern, given),
    });
    this.#queues.set(name, queue);
    if (this.#engine) queue.start(this.#engine);
    return queue;
  }

  recording(name: string): Recording | undefined {
    const feed = this.feeds.get(name);
    return feed && this.#recorders.get(feed)?.recording;
  }

  async create(pattern: string, { params = {}, options, isPrivate = false }: CreateRoom = {}): Promise<string> {
    if (this.#rules[pattern] === undefined) throw new TypeError(`rooms.create: there is no room '${pattern}'.`);
    if (options !== undefined && JSON.stringify(options).length > maxOptions)
      throw new RangeError(`rooms.create: the options take more than ${maxOptions} of JSON.`);
    const engine = this.#engine;
    if (!engine) throw new TypeError('rooms.create: give the rooms to a server first.');
    const made = isPrivate ? codeOf(engine.makeId()) : engine.makeId();
    const name = pattern.replaceAll(/:([^/]+)/g, (_, param: string) => params[param] ?? made);
    const asked = engine.resolve(name);
    if (asked?.pattern !== pattern) throw new TypeError(`rooms.create: '${name}' is no name of '${pattern}'.`);
    if (this.#nodes) await this.#nodes.create(asked, { options, isPrivate });
    else if (this.feeds.has(name)) throw new LongwaveError('conflict', `There is a room '${name}' already.`);
    else this.make(asked, options, undefined);
    return name;
  }

  describe(name: string): Pick<FoundRoom, 'players' | 'maxPlayers' | 'about'> {
    const feed = this.feeds.get(name)!;
    const { playerCount: players, definition } = feed.room;
    return { players, maxPlayers: definition.maxPlayers, about: this.#aboutOf(feed) };
  }

  /** A failure is told of once, and costs the room no more than what its lists say. */
  #aboutOf(feed: AnyFeed): unknown {
    try {
      const { about } = feed.room;
      if (about === undefined || JSON.stringify(about).length <= maxAbout) return about;
      throw new RangeError(`It gives more than ${maxAbout} of JSON.`);
    } catch (error) {
      if (!this.#toldOf.has(feed)) this.#engine!.logger.error(`'about' of the room ${feed.name} failed.`, error);
      this.#toldOf.add(feed);
      return undefined;
    }
  }

  async drain(): Promise<void> {
    await this.#nodes?.drain();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stop();
    for (const queue of this.#queues.values()) queue.close();
    await this.#nodes?.close();
    for (const name of this.feeds.keys()) this.end(name);
  }

  #schedule(): void {
    if (this.#isScheduled || this.#closed || this.feeds.size === 0) return;
    this.#isScheduled = true;
    const { clock, timers } = this.#engine!;
    const now = clock.now();
    let waitMs = sweepMs;
    for (const { room } of this.feeds.values()) waitMs = Math.min(waitMs, room.waitMs(now));
    this.#stop = timers.after(Math.ceil(waitMs), () => {
      this.#isScheduled = false;
      try {
        this.#advance();
      } finally {
        this.#schedule();
      }
    });
  }

  #advance(): void {
    const { clock } = this.#engine!;
    const now = clock.now();
    for (const feed of this.feeds.values()) {
      try {
        feed.advance(now);
      } catch (error) {
        this.#fail(feed, error);
      }
    }
    if (Math.abs(now - this.#sweptAt) < sweepMs) return;
    this.#sweptAt = now;
    for (const feed of this.feeds.values()) if (feed.sweep(now)) this.#endForGood(feed);
    this.#nodes?.tick(now);
  }

  /** Its state may be anything now: it is made anew for those who are there. */
  #fail(feed: AnyFeed, error: unknown): void {
    const { name } = feed;
    const { logger, timers } = this.#engine!;
    logger.error(`A step of the room ${name} failed; the room begins anew.`, error);
    this.#failed.add(name);
    timers.after(failedMs, () => this.#failed.delete(name));
    this.#endForGood(feed);
  }

  /** Nothing of it is left. */
  #endForGood(feed: AnyFeed): void {
    this.#nodes?.ended(feed);
    this.end(feed.name);
  }

  *#placedHere(): Iterable<readonly [string, Placed]> {
    for (const name of this.feeds.keys()) {
      const { pattern, params } = this.#engine!.resolve(name)!;
      yield [name, { ...this.describe(name), pattern, params, term: 0, node: this.#engine!.node }];
    }
  }
}

/** Letters that nobody takes for each other. */
const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const codeLength = 6;

/** A code that can be told on the telephone, out of an id that nobody can guess. */
function codeOf(id: string): string {
  const letterAt = (i: number): string =>
    letters[(id.charCodeAt(2 * i) * 64 + id.charCodeAt(2 * i + 1)) % letters.length]!;
  return Array.from({ length: codeLength }, (_, i) => letterAt(i)).join('');
}
