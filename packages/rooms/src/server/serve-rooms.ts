import { type AskedRoom, type RoomEngine, type RoomHost, type Source } from '@longwave/core';
import { type Channels, LongwaveError, describeValue, isRoom, presencePrefix } from '@longwave/protocol';
import type { RoomLogic } from '../contract/logic.js';
import type { Entities, Kinds, RoomDefinition } from '../contract/room.js';
import { Room } from './room.js';
import { RoomFeed } from './room-feed.js';

type RoomsOf<C extends Channels> = {
  [Pattern in keyof C & string]: C[Pattern] extends RoomDefinition<infer E, infer I> ? AnyLogic<E, I> : never;
};
/** The rules of a room, whatever its state is besides the entities. */
// oxlint-disable-next-line typescript/no-explicit-any -- each room has a state type of its own, which only its own rules see
type AnyLogic<E extends Kinds, I extends Kinds> = RoomLogic<E, I, any>;
type PatternsOf<C extends Channels> = { [P in keyof C & string]: C[P] extends RoomDefinition ? P : never }[keyof C &
  string];

/** Options of {@link serveRooms}. */
export interface ServeRoomsOptions {
  /** Most rooms on this node at once. One more is refused with `too-many`. Default 10,000. */
  readonly maxRooms?: number;
}

/** A room of this node, for lists and panels. */
export interface RoomInfo {
  readonly name: string;
  readonly players: number;
  /** The last step that was made. */
  readonly tick: number;
}

/** The rooms of a server. */
export interface Rooms extends RoomHost {
  /** The rooms that are open on this node. */
  list(): readonly RoomInfo[];
}

/**
 * Serves the rooms of a contract by the application's rules: for each pattern what a new room is, and how a step changes it. Give what
 * it returns to `createServer` as `rooms`. Throws `TypeError` for a pattern that the contract has no room for, or a room without rules.
 * @example
 * ```ts
 * import { real, room } from 'longwave/rooms';
 *
 * const arena = room({ entities: { player: { x: real(0, 100, 0.1) } }, inputs: { move: { dx: real(-1, 1, 0.1) } } });
 * const channels = defineChannels({ 'arena/:id': arena });
 * const rooms = serveRooms(channels, {
 *   'arena/:id': {
 *     create: () => ({ player: new Map() }),
 *     join: (state, { id }) => void state.player.set(id, { x: 50 }),
 *     leave: (state, { id }) => void state.player.delete(id),
 *     step: (state, inputs, dt) => {
 *       for (const [id, made] of inputs) for (const { dx } of made) state.player.get(id)!.x += dx * dt;
 *     },
 *   },
 * });
 * const server = createServer({ channels, rooms });
 * ```
 */
export function serveRooms<const C extends Channels>(
  channels: C,
  rules: Pick<RoomsOf<C>, PatternsOf<C>>,
  options: ServeRoomsOptions = {},
): Rooms {
  const given = rules as Readonly<Record<string, AnyLogic<Kinds, Kinds> | undefined>>;
  for (const pattern of Object.keys(given)) {
    if (channels[pattern]?.mode !== 'room') throw new TypeError(`serveRooms: the contract has no room '${pattern}'.`);
  }
  for (const [pattern, definition] of Object.entries(channels)) {
    if (!isRoom(definition)) continue;
    const logic = given[pattern];
    if (typeof logic?.create !== 'function' || typeof logic.step !== 'function') {
      throw new TypeError(`serveRooms: '${pattern}' is ${describeValue(logic)}; it must have create and step.`);
    }
  }
  return new ServedRooms(given as Readonly<Record<string, AnyLogic<Kinds, Kinds>>>, options.maxRooms ?? 10_000);
}

const failedMs = 1000;

type AnyFeed = RoomFeed<Kinds, Kinds, Entities<Kinds>>;

class ServedRooms implements Rooms {
  readonly #rules: Readonly<Record<string, AnyLogic<Kinds, Kinds>>>;
  readonly #maxRooms: number;
  readonly #feeds = new Map<string, AnyFeed>();
  /** Rooms whose last step failed a moment ago: rules that fail at once must not make a room a turn. */
  readonly #failed = new Set<string>();
  #engine: RoomEngine | undefined;
  #stop: () => void = () => undefined;
  #sweptAt = 0;
  #closed = false;

  constructor(rules: Readonly<Record<string, AnyLogic<Kinds, Kinds>>>, maxRooms: number) {
    this.#rules = rules;
    this.#maxRooms = maxRooms;
  }

  start(engine: RoomEngine): void {
    if (this.#engine) throw new TypeError('These rooms are served by another server already.');
    this.#engine = engine;
  }

  list(): readonly RoomInfo[] {
    return [...this.#feeds.values()].map(({ name, room }) => ({
      name,
      players: room.playerCount,
      tick: room.tick - 1,
    }));
  }

  open({ name, pattern, params, definition }: AskedRoom): Source {
    const open = this.#feeds.get(name);
    if (open) return open;
    if (this.#closed) throw new LongwaveError('going-away');
    if (this.#failed.has(name)) {
      throw new LongwaveError('unavailable', 'The room has failed, and begins anew soon.', { retryAfterMs: failedMs });
    }
    if (this.#feeds.size >= this.#maxRooms)
      throw new LongwaveError('too-many', 'The node holds as many rooms as it may.');
    const engine = this.#engine!;
    const logic = this.#rules[pattern]!;
    const { clock, random, makeId } = engine;
    const seed = Math.floor(random() * 2 ** 32);
    const room = new Room({ name, params, definition: definition as RoomDefinition, logic, seed, now: clock.now() });
    const feed: AnyFeed = new RoomFeed(engine, makeId(), room);
    this.#feeds.set(name, feed);
    const members = engine.listening.watch(presencePrefix + name, {}, () => feed.onMembers());
    members.ready.catch(() => undefined);
    feed.follow(members);
    if (this.#feeds.size === 1) this.#schedule();
    return feed;
  }

  input(name: string, player: string, data: Uint8Array): void {
    this.#feeds.get(name)?.input(player, data);
  }

  close(): void {
    this.#closed = true;
    this.#stop();
    for (const feed of this.#feeds.values()) feed.end();
    this.#feeds.clear();
  }

  #schedule(): void {
    const { clock, timers } = this.#engine!;
    const now = clock.now();
    let waitMs = 1000;
    for (const { room } of this.#feeds.values()) waitMs = Math.min(waitMs, room.waitMs(now));
    this.#stop = timers.after(Math.ceil(waitMs), () => this.#advance());
  }

  #advance(): void {
    const { clock, logger } = this.#engine!;
    const now = clock.now();
    for (const [name, feed] of this.#feeds) {
      try {
        feed.advance(now);
      } catch (error) {
        // Its state may be anything now: it is made anew for those who are there.
        logger.error(`A step of the room ${name} failed; the room begins anew.`, error);
        this.#failed.add(name);
        this.#engine!.timers.after(failedMs, () => this.#failed.delete(name));
        this.#end(name, feed);
      }
    }
    if (Math.abs(now - this.#sweptAt) >= 1000) {
      this.#sweptAt = now;
      for (const [name, feed] of this.#feeds) if (feed.sweep(now)) this.#end(name, feed);
    }
    if (this.#feeds.size > 0 && !this.#closed) this.#schedule();
  }

  #end(name: string, feed: AnyFeed): void {
    this.#feeds.delete(name);
    feed.end();
  }
}
