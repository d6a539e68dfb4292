import type { RoomEngine, ServerWatch, Source, Subscription } from '@longwave/core';
import { Prepared, type Top } from '@longwave/protocol';
import type { Entities, Kinds } from '../contract/room.js';
import { decodeUp } from '../wire/up.js';
import { Audience, type Spectator } from './audience.js';
import type { Room } from './room.js';

/** So long it is known what a subscription that ended had been told: who comes back goes on from there. */
const rememberedMs = 10_000;
/** A room without players and subscribers ends after so long. */
const emptyMs = 10_000;

interface Left {
  readonly spectator: Spectator;
  readonly at: number;
}

/** Members of a room's channel: the players as presence knows them. */
type Members = Pick<ServerWatch, 'entries' | 'entry' | 'unsubscribe'>;

/** A room as it is subscribed to on this node: steps it, and writes each snapshot to everybody whose link takes it. */
export class RoomFeed<E extends Kinds, I extends Kinds, S extends Entities<E>> implements Source {
  readonly name: string;
  readonly epoch: string;
  readonly room: Room<E, I, S>;
  readonly #engine: RoomEngine;
  readonly #audience: Audience;
  readonly #spectators = new Map<Subscription, Spectator>();
  readonly #viewers = new Map<string, Spectator>();
  readonly #left = new Map<string, Left>();
  #members: Members | undefined;
  #emptySince: number;

  constructor(engine: RoomEngine, epoch: string, room: Room<E, I, S>) {
    this.#engine = engine;
    this.name = room.name;
    this.epoch = epoch;
    this.room = room;
    this.#emptySince = engine.clock.now();
    this.#audience = new Audience({
      definition: room.definition,
      shown: () => room,
      visible: room.hasVisible ? (viewer, kind, id) => room.isVisible(viewer, kind, id) : undefined,
      standing: (key) => room.standing(key),
    });
  }

  get key(): string {
    return this.name;
  }

  get top(): number {
    return this.room.newest.tick;
  }

  /** Follows who enters and leaves. */
  follow(members: Members): void {
    this.#members = members;
  }

  /** The members have changed. */
  onMembers(): void {
    const { entries } = this.#members!;
    for (const { key } of this.room.players) {
      if (entries.has(key)) continue;
      this.#guard(() => this.room.leave(key));
      this.#reseat(key);
    }
    for (const key of entries.keys()) {
      if (this.room.player(key)) continue;
      // The room is full: others watch until somebody leaves.
      if (this.room.playerCount >= this.room.definition.maxPlayers) break;
      const entry = this.#members!.entry(key)!;
      const { data } = entry.value as { readonly data: unknown };
      this.#guard(() => void this.room.join(key, entry.user, data));
      this.#reseat(key);
    }
  }

  /** Runs what the application gave. A failure is told, and ends nothing else. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#engine.logger.error(`The room ${this.name} failed.`, error);
    }
  }

  topFrame(_subscription: Subscription): Top {
    return { type: 'top', channel: this.name, epoch: this.epoch, offset: this.top };
  }

  begin(subscription: Subscription): void {
    const { viewer = '' } = subscription;
    const before = this.#left.get(viewer)?.spectator;
    this.#left.delete(viewer);
    const player = this.room.player(viewer);
    const goesOn = before && before.tick === subscription.cursor && before.tick !== 0 && before.seat.player === player;
    const spectator = goesOn ? before : this.#audience.add({ player });
    this.#spectators.set(subscription, spectator);
    this.#viewers.set(viewer, spectator);
    subscription.state = 'live';
    subscription.session.onJoined?.();
    // After the answer that says that it stands.
    this.#engine.clock.defer(() => this.#send(subscription));
  }

  resume(subscription: Subscription): void {
    subscription.state = 'live';
    this.#send(subscription);
  }

  remove(subscription: Subscription): void {
    subscription.state = 'ended';
    const { viewer = '' } = subscription;
    const spectator = this.#spectators.get(subscription);
    this.#spectators.delete(subscription);
    if (!spectator) return;
    if (this.#viewers.get(viewer) === spectator) this.#viewers.delete(viewer);
    this.#left.set(viewer, { spectator, at: this.#engine.clock.now() });
  }

  /** A player says what it does. Throws `RangeError` for what is no such message. */
  input(viewer: string, data: Uint8Array): void {
    const now = this.#engine.clock.now();
    const { held, sentAt, inputs } = decodeUp(this.room.definition, data);
    this.room.take(viewer, inputs, held, now);
    this.#viewers.get(viewer)?.heard(held, sentAt, now);
  }

  /** Makes the steps that are due, and tells everybody of the new snapshot. */
  advance(now: number): void {
    if (!this.room.advance(now)) return;
    for (const subscription of this.#spectators.keys()) if (subscription.state === 'live') this.#send(subscription);
  }

  /** Called every second or so. True: nobody has been here for so long that the room ends. */
  sweep(now: number): boolean {
    for (const [viewer, { at }] of this.#left) if (now - at > rememberedMs) this.#left.delete(viewer);
    if (this.#spectators.size > 0 || this.room.playerCount > 0) this.#emptySince = now;
    return now - this.#emptySince > emptyMs;
  }

  /** It ends here. Subscribers are told to ask anew, and keep their connections. */
  end(): void {
    this.#members?.unsubscribe();
    const { name: channel, epoch, top: offset } = this;
    for (const subscription of this.#spectators.keys()) {
      subscription.state = 'ended';
      subscription.session.send({ type: 'reset', channel, reason: 'epoch-changed', epoch, offset });
    }
    this.#spectators.clear();
  }

  /** The viewer is another one now: a player, or no more. */
  #reseat(viewer: string): void {
    const old = this.#viewers.get(viewer);
    if (!old) return;
    const spectator = this.#audience.add({ player: this.room.player(viewer) });
    this.#viewers.set(viewer, spectator);
    for (const [subscription, known] of this.#spectators)
      if (known === old) this.#spectators.set(subscription, spectator);
  }

  #send(subscription: Subscription): void {
    const spectator = this.#spectators.get(subscription);
    if (!spectator || subscription.state !== 'live') return;
    const { session } = subscription;
    if (!session.writable) {
      // Never a queue: when it takes more it gets what is new then.
      subscription.state = 'blocked';
      return;
    }
    try {
      const message = this.#audience.write(spectator, this.#engine.clock.now());
      if (!message) return;
      const { name: channel, epoch, top: offset } = this;
      session.tell({ type: 'snapshot', channel, epoch, offset, data: Prepared.own(message) });
      subscription.cursor = offset;
    } catch (error) {
      session.break(error);
    }
  }
}
