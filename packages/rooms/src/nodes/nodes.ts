import { type AskedRoom, type MaybePromise, type RoomEngine, type RoomSource, isToldOf } from '@longwave/core';
import { type Code, LongwaveError } from '@longwave/protocol';
import type { RoomDefinition } from '../contract/room.js';
import { decodeUp } from '../wire/up.js';
import { Checkpoints } from './checkpoints.js';
import { Directory, type Found, type Placed } from './directory.js';
import { Guests } from './guests.js';
import type { Item } from './items.js';
import { Mail } from './mail.js';
import { RemoteFeed } from './remote-feed.js';
import type { AnyFeed, RoomsHere } from './rooms-here.js';

/** For a node to answer whether it has a room. It is asked twice: a message may be lost. */
const askMs = 350;
const mostTries = 8;
const againMs = 500;
/** A room that was taken from this node is not taken back so soon, lest two that cannot hear each other pull at it. */
const givenUpMs = 5000;
const checkpointMs = 5000;

/** A room of this node, as the directory has it. */
interface Held {
  placed: Placed;
  version: number;
  keptAt: number;
  isTelling: boolean;
}

type Reply = Extract<Item, { kind: 'here' | 'refused' }>;

/** The rooms of all nodes that share a store: each is on one of them, and the others pass on what it shows and what its players do. */
export class Nodes {
  readonly directory: Directory;
  readonly #engine: RoomEngine;
  readonly #here: RoomsHere;
  readonly #mail: Mail;
  readonly #guests: Guests;
  readonly #checkpoints: Checkpoints;
  readonly #held = new Map<string, Held>();
  readonly #remote = new Map<string, RemoteFeed>();
  readonly #known = new Map<number, RemoteFeed>();
  readonly #finding = new Map<string, Promise<RoomSource>>();
  /** Rooms that have ended, until the store knows. */
  readonly #ending = new Map<string, Promise<void>>();
  /** Rooms that were taken from this node, and when. */
  readonly #givenUp = new Map<string, number>();
  readonly #asked = new Map<string, (reply: Reply, from: string) => void>();
  readonly #opened: Promise<void>;
  #guest = 0;
  #closed = false;

  constructor(engine: RoomEngine, here: RoomsHere) {
    this.#engine = engine;
    this.#here = here;
    const onFailed = (error: unknown): void => engine.logger.error('A room could not be shown to somebody.', error);
    this.#mail = new Mail({
      engine,
      onItem: (from, item) => this.#onItem(from, item),
      onSilent: (node) => this.#onSilent(node),
    });
    this.#guests = new Guests(this.#mail, onFailed);
    this.#checkpoints = new Checkpoints(engine);
    this.directory = new Directory(engine, (room, placed) => this.#onMoved(room, placed));
    this.#opened = this.#open();
  }

  /** The room, here or on the node that has it; made where there is none. */
  find(asked: AskedRoom): MaybePromise<RoomSource> {
    const { name } = asked;
    const known = this.#remote.get(name);
    if (known) return known;
    const finding = this.#finding.get(name) ?? this.#find(asked);
    this.#finding.set(name, finding);
    const forget = (): void => void (this.#finding.get(name) === finding && this.#finding.delete(name));
    void finding.then(forget, forget);
    return finding;
  }

  /** Passes on what a player of a room elsewhere does. Throws `RangeError` for what is no message of a player. */
  input(name: string, viewer: string, data: Uint8Array): void {
    const remote = this.#remote.get(name);
    const asked = remote && this.#engine.resolve(name);
    if (!asked) return;
    // The sender's own node finds what is none: it counts against their connection.
    decodeUp(asked.definition as RoomDefinition, data);
    remote.input(viewer, data);
  }

  /** Makes a room, with the options, on the node that is best for it. */
  async create(asked: AskedRoom, made: Pick<Placed, 'options' | 'isPrivate'>): Promise<void> {
    await this.#opened;
    const version = await this.#place(asked, this.directory.choose(), undefined, made);
    if (version === undefined) throw new LongwaveError('conflict', `There is a room '${asked.name}' already.`);
  }

  /** Called about once a second. */
  tick(now: number): void {
    void this.#attempt(() => this.directory.sweep(now));
    for (const [name, at] of this.#givenUp) if (Math.abs(now - at) >= givenUpMs) this.#givenUp.delete(name);
    for (const [name, held] of this.#held) {
      const feed = this.#here.feeds.get(name);
      if (!feed) continue;
      this.#tell(name, held);
      if (this.#isWorthKeeping && Math.abs(now - held.keptAt) >= checkpointMs) {
        held.keptAt = now;
        void this.#attempt(() => this.#keep(feed, held, false));
      }
    }
  }

  /** A room of this node has ended, for good. */
  ended(feed: AnyFeed): void {
    const held = this.#letGo(feed);
    if (!held) return;
    const { name } = feed;
    const ending = this.#attempt(async () => {
      await this.#checkpoints.remove(name, held.placed.term);
      await this.directory.remove(name, held.version);
    });
    this.#endsWith(name, ending);
  }

  /** Hands all rooms of this node to others, where there are some. */
  async drain(): Promise<void> {
    if (this.directory.others.length === 0) return;
    await this.directory.drain();
    await Promise.all([...this.#here.feeds.values()].map((feed) => this.#move(feed)));
  }

  /** Keeps what is left, for whoever goes on with it. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(
      [...this.#here.feeds.values()].map(async (feed) => {
        const held = this.#letGo(feed);
        if (!held) return;
        if (this.#engine.store.durability !== 'memory') await this.#keep(feed, held, true);
        await this.directory.remove(feed.name, held.version);
      }),
    );
    this.#mail.close();
    await this.directory.close().catch(() => undefined);
  }

  async #open(): Promise<void> {
    try {
      await this.#mail.open();
    } catch (error) {
      if (!isToldOf(error)) this.#engine.logger.error('Rooms of other nodes cannot be heard of.', error);
      if (this.#closed) return;
      await new Promise<void>((resolve) => void this.#engine.timers.after(againMs, resolve, resolve));
      return this.#open();
    }
    this.directory.open();
  }

  async #find(asked: AskedRoom): Promise<RoomSource> {
    const { name } = asked;
    await this.#opened;
    await this.#ending.get(name);
    const { node } = this.#engine;
    for (let tries = 0; tries < mostTries && !this.#closed; tries++) {
      const found = await this.directory.find(name);
      if (!found) {
        // Another node may be quicker, or better: then it is asked.
        await this.#place(asked, this.directory.choose(), undefined);
      } else if (found.node === node) {
        return this.#openHere(asked, found);
      } else {
        const reply = this.#mail.isSilent(found.node) ? undefined : await this.#ask(found.node, name);
        if (reply?.kind === 'here') return this.#follow(found.node, reply);
        if (reply && reply.code !== '') throw new LongwaveError(reply.code as Code);
        if (reply) continue;
        // It says nothing: the room goes on here, unless another one was quicker.
        if (this.#engine.clock.now() - (this.#givenUp.get(name) ?? -Infinity) < givenUpMs) break;
        await this.#place(asked, node, found);
      }
    }
    throw new LongwaveError('unavailable', 'The room is on its way between nodes.', { retryAfterMs: againMs });
  }

  async #place(
    asked: AskedRoom,
    node: string,
    from: Found | undefined,
    made: Pick<Placed, 'options' | 'isPrivate'> = {},
  ): Promise<number | undefined> {
    const { name, pattern, params, definition } = asked;
    const term = (from?.term ?? (await this.#checkpoints.read(name))?.term ?? 0) + 1;
    const { maxPlayers } = definition as RoomDefinition;
    const { version, ...facts }: Omit<Found, 'node' | 'term'> = from ?? {
      ...{ version: 0, pattern, params, players: 0, maxPlayers },
      ...made,
    };
    return this.directory.place(name, { ...facts, node, term }, version);
  }

  /** The store says that the room is here. */
  async #openHere(asked: AskedRoom, { version, ...placed }: Found): Promise<RoomSource> {
    const { name } = asked;
    const kept = await this.#checkpoints.read(name);
    const open = this.#here.feeds.get(name);
    if (open) return open;
    const feed = this.#here.make(asked, placed.options, kept);
    const held: Held = { placed, version, keptAt: this.#engine.clock.now(), isTelling: false };
    this.#held.set(name, held);
    // After a crash of this node the last checkpoint of another one must not count as the last of all.
    if (kept?.isLast) void this.#attempt(() => this.#keep(feed, held, false));
    return feed;
  }

  #follow(node: string, { room: name, epoch, tick: top }: Extract<Reply, { kind: 'here' }>): RemoteFeed {
    const known = this.#remote.get(name);
    if (known?.node === node && known.epoch === epoch) return known;
    known?.end();
    const guests = { next: () => ++this.#guest, known: this.#known };
    const feed: RemoteFeed = new RemoteFeed(this.#mail, { name, node, epoch, top }, guests, () => {
      if (this.#remote.get(name) !== feed) return;
      this.#remote.delete(name);
      this.#mail.letGo(node);
    });
    this.#remote.set(name, feed);
    return feed;
  }

  /** Resolves with undefined where there is no answer. */
  #ask(node: string, room: string): Promise<Reply | undefined> {
    return new Promise((resolve) => {
      const { timers } = this.#engine;
      const done = (reply?: Reply): void => {
        this.#asked.delete(room);
        for (const cancel of cancels) cancel();
        resolve(reply);
      };
      const say = (): void => this.#mail.post(node, { kind: 'ask', room });
      const cancels = [timers.after(askMs / 2, say), timers.after(askMs, done, done)];
      this.#asked.set(room, (reply, from) => {
        if (from === node) done(reply);
      });
      say();
    });
  }

  #onItem(from: string, item: Item): void {
    switch (item.kind) {
      case 'alive': {
        return;
      }
      case 'ask': {
        return void this.#attempt(() => this.#answer(from, item.room));
      }
      case 'here':
      case 'refused': {
        return this.#asked.get(item.room)?.(item, from);
      }
      case 'watch': {
        const feed = this.#here.feeds.get(item.room);
        if (!feed) return this.#mail.post(from, { kind: 'ended', room: item.room, epoch: '' });
        const held = item.epoch === feed.epoch ? item.held : 0;
        return this.#guests.watch(from, feed, { ...item, held });
      }
      case 'leave': {
        return this.#guests.leave(from, item.guest);
      }
      case 'flow': {
        return this.#guests.flow(from, item.guest, item.isReady);
      }
      case 'input': {
        return this.#here.feeds.get(item.room)?.input(item.viewer, item.data);
      }
      case 'snapshot': {
        const feed = this.#known.get(item.guest);
        if (feed?.node === from) feed.snapshot(item.guest, item.tick, item.data);
        return;
      }
      case 'ended': {
        const feed = this.#remote.get(item.room);
        if (feed?.node === from) feed.end();
      }
    }
  }

  /** Another node asks for a room that should be here. */
  async #answer(from: string, room: string): Promise<void> {
    const refuse = (code: string): void => this.#mail.post(from, { kind: 'refused', room, code });
    await this.#ending.get(room);
    let feed = this.#here.feeds.get(room);
    try {
      if (!feed) {
        const found = await this.directory.find(room);
        const asked = this.#engine.resolve(room);
        if (!asked || found?.node !== this.#engine.node) return refuse('');
        await this.find(asked);
        feed = this.#here.feeds.get(room);
      }
      if (!feed) return refuse('');
      this.#mail.post(from, { kind: 'here', room, epoch: feed.epoch, tick: feed.top });
    } catch (error) {
      refuse(error instanceof LongwaveError ? error.code : 'internal');
      if (!(error instanceof LongwaveError)) throw error;
    }
  }

  #onSilent(node: string): void {
    this.#guests.forget(node);
    for (const feed of [...this.#remote.values()]) if (feed.node === node) feed.end();
  }

  #onMoved(room: string, placed: Placed | undefined): void {
    const held = this.#held.get(room);
    if (!held || !placed || placed.node === this.#engine.node || placed.term <= held.placed.term) return;
    // Another node took this one for gone.
    const feed = this.#here.feeds.get(room);
    this.#engine.logger.info(`The room ${room} goes on elsewhere: this node was silent for too long.`);
    this.#givenUp.set(room, this.#engine.clock.now());
    if (feed) this.#letGo(feed);
    this.#here.end(room);
  }

  /** It is not this node's any more. */
  #letGo(feed: AnyFeed): Held | undefined {
    const held = this.#held.get(feed.name);
    this.#held.delete(feed.name);
    this.#guests.end(feed);
    return held;
  }

  /** Only when it is elsewhere is anybody told, so that they find it there. */
  #move(feed: AnyFeed): Promise<void> {
    const { name, room } = feed;
    const held = this.#held.get(name);
    const node = this.directory.choose();
    if (!held || node === this.#engine.node) return Promise.resolve();
    const moving = this.#attempt(async () => {
      // From here on nothing happens in it.
      room.stop();
      try {
        await this.#keep(feed, held, true);
        held.placed = { ...held.placed, node, term: held.placed.term + 1 };
        await this.#handOn(name, held);
      } finally {
        this.#letGo(feed);
        this.#here.end(name);
      }
    });
    this.#endsWith(name, moving);
    return moving;
  }

  async #handOn(name: string, { placed, version }: Held): Promise<void> {
    let found: Pick<Found, 'node' | 'version'> | undefined = { node: this.#engine.node, version };
    for (let tries = 0; tries < mostTries && found?.node === this.#engine.node; tries++) {
      if ((await this.directory.place(name, placed, found.version)) !== undefined) return;
      // Its players were told to all nodes at the same time.
      found = await this.directory.find(name);
    }
  }

  /** All who ask for the room meanwhile wait for that. */
  #endsWith(name: string, ending: Promise<void>): void {
    this.#ending.set(name, ending);
    void ending.then(() => this.#ending.get(name) === ending && this.#ending.delete(name));
  }

  async #keep(feed: AnyFeed, { placed }: Held, isLast: boolean): Promise<void> {
    const { epoch, name, room } = feed;
    await this.#checkpoints.write(name, { epoch, term: placed.term, isLast, room: room.keep() });
  }

  /** Where the process is all there is, nothing outlives it. */
  get #isWorthKeeping(): boolean {
    return this.#engine.store.durability !== 'memory' || this.directory.others.length > 0;
  }

  /** Tells all nodes what has changed of the room, for their lists. */
  #tell(name: string, held: Held): void {
    const now = { ...held.placed, ...this.#here.describe(name) };
    if (held.isTelling || this.#ending.has(name) || JSON.stringify(now) === JSON.stringify(held.placed)) return;
    held.isTelling = true;
    void this.#attempt(async () => {
      try {
        const version = await this.directory.place(name, now, held.version);
        // Otherwise another node has it, as is heard soon.
        if (version !== undefined) Object.assign(held, { placed: now, version });
      } finally {
        held.isTelling = false;
      }
    });
  }

  /** Does what is made good later when it fails. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isToldOf(error)) this.#engine.logger.error('What nodes do together for rooms has failed.', error);
    }
  }
}
