import type { RoomEngine, RoomSource, ServerWatch, Subscription } from '@longwave/core';
import type { MapChange, Top } from '@longwave/protocol';
import type { Player } from '../contract/logic.js';
import type { Entities, Kinds } from '../contract/room.js';
import { decodeUp, tagOf } from '../wire/up.js';
import { Audience, type Spectator } from './audience.js';
import { DelayedShow } from './delayed-show.js';
import { LocalOnlooker, type Onlooker, endSubscription } from './onlooker.js';
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

/** A room of this node: steps it, and writes each snapshot for everybody whose link takes it, on this node and on others. */
export class RoomFeed<E extends Kinds, I extends Kinds, S extends Entities<E>> implements RoomSource {
  readonly name: string;
  readonly epoch: string;
  readonly room: Room<E, I, S>;
  readonly #engine: RoomEngine;
  readonly #audience: Audience;
  /** Undefined: those who do not play see what players see. */
  readonly #delayed: { readonly show: DelayedShow; readonly audience: Audience } | undefined;
  readonly #tag: number;
  readonly #spectators = new Map<Onlooker, Spectator>();
  readonly #local = new Map<Subscription, Onlooker>();
  readonly #viewers = new Map<string, Spectator>();
  readonly #left = new Map<string, Left>();
  #members: Members | undefined;
  #emptySince: number;
  #isOver = false;

  constructor(engine: RoomEngine, epoch: string, room: Room<E, I, S>) {
    this.#engine = engine;
    this.name = room.name;
    this.epoch = epoch;
    this.#tag = tagOf(epoch);
    this.room = room;
    this.#emptySince = engine.clock.now();
    this.#audience = new Audience({
      definition: room.definition,
      shown: () => room,
      visible: room.hasVisible ? (viewer, kind, id) => room.isVisible(viewer, kind, id) : undefined,
      standing: (key) => room.standing(key),
    });
    if (room.definition.spectatorDelay > 0) {
      const show = new DelayedShow(room.definition);
      show.push(room);
      const standing = (): undefined => undefined;
      this.#delayed = { show, audience: new Audience({ definition: room.definition, shown: () => show, standing }) };
    }
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

  /** The members have changed. A member with other data has left and come anew, though nobody saw them gone (ROOM-10). */
  onMembers({ added, updated }: Pick<MapChange, 'added' | 'updated'>): void {
    const { entries } = this.#members!;
    const changed = new Set([...added, ...updated]);
    for (const { key, data } of this.room.players) {
      const isHere = entries.has(key);
      if (isHere && (!changed.has(key) || isSame(data, dataOf(entries.get(key))))) continue;
      this.#guard(() => this.room.leave(key));
      if (isHere) this.#join(key);
      else this.#reseat(key);
    }
    for (const key of entries.keys()) {
      if (this.room.player(key)) continue;
      // The room is full: others watch until somebody leaves.
      if (this.room.playerCount >= this.room.definition.maxPlayers) break;
      this.#join(key);
    }
  }

  #join(key: string): void {
    const { user, value } = this.#members!.entry(key)!;
    this.#guard(() => void this.room.join(key, user, dataOf(value)));
    this.#reseat(key);
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
    // The room ended after it was found for this one.
    if (this.#isOver) return endSubscription(subscription, this.epoch, this.top);
    const onlooker = new LocalOnlooker(subscription);
    this.#local.set(subscription, onlooker);
    subscription.state = 'live';
    subscription.session.onJoined?.();
    this.join(onlooker, subscription.cursor);
  }

  /** It ends when nobody has been here for a while. */
  letGo(): void {}

  resume(subscription: Subscription): void {
    subscription.state = 'live';
    const onlooker = this.#local.get(subscription);
    if (onlooker) this.send(onlooker);
  }

  remove(subscription: Subscription): void {
    subscription.state = 'ended';
    const onlooker = this.#local.get(subscription);
    this.#local.delete(subscription);
    if (onlooker) this.leave(onlooker);
  }

  /** Somebody watches who has the snapshot of the tick `held`, 0 for none. */
  join(onlooker: Onlooker, held: number): void {
    const { viewer } = onlooker;
    const before = this.#left.get(viewer)?.spectator;
    this.#left.delete(viewer);
    const player = this.room.player(viewer);
    const goesOn = before && before.tick === held && before.tick !== 0 && before.seat.player === player;
    const spectator = goesOn ? before : this.#audienceOf(player).add({ player });
    this.#spectators.set(onlooker, spectator);
    this.#viewers.set(viewer, spectator);
    // After the answer that says that it stands.
    this.#engine.clock.defer(() => this.send(onlooker));
  }

  leave(onlooker: Onlooker): void {
    const { viewer } = onlooker;
    const spectator = this.#spectators.get(onlooker);
    this.#spectators.delete(onlooker);
    if (!spectator) return;
    if (this.#viewers.get(viewer) === spectator) this.#viewers.delete(viewer);
    this.#left.set(viewer, { spectator, at: this.#engine.clock.now() });
  }

  /** A player says what it does. Throws `RangeError` for what is no such message. */
  input(viewer: string, data: Uint8Array): void {
    const now = this.#engine.clock.now();
    const { room, held, behind, sentAt, inputs } = decodeUp(this.room.definition, data);
    if (room !== this.#tag) return;
    const spectator = this.#viewers.get(viewer);
    // By the very string that the room has: one that is merely equal would be compared letter by letter.
    this.room.take(spectator?.seat.player?.key ?? viewer, inputs, behind, now);
    spectator?.heard(held, sentAt, now);
  }

  /** Makes the steps that are due, and tells everybody of the new snapshot. */
  advance(now: number): void {
    if (!this.room.advance(now)) return;
    this.#delayed?.show.push(this.room);
    for (const [onlooker, spectator] of this.#spectators) this.#write(onlooker, spectator);
  }

  /** Called every second or so. True: nobody has been here for so long that the room ends. */
  sweep(now: number): boolean {
    for (const [viewer, { at }] of this.#left) if (now - at > rememberedMs) this.#left.delete(viewer);
    if (this.#spectators.size > 0 || this.room.playerCount > 0) this.#emptySince = now;
    return now - this.#emptySince > emptyMs;
  }

  /** It ends here. All who watch are told to ask anew. */
  end(): void {
    this.#isOver = true;
    this.#members?.unsubscribe();
    for (const onlooker of this.#spectators.keys()) onlooker.end(this.epoch, this.top);
    this.#spectators.clear();
    this.#local.clear();
  }

  /** Writes the newest snapshot for one that takes it. */
  send(onlooker: Onlooker): void {
    const spectator = this.#spectators.get(onlooker);
    if (spectator) this.#write(onlooker, spectator);
  }

  #write(onlooker: Onlooker, spectator: Spectator): void {
    if (!onlooker.isReady) return;
    try {
      const message = this.#audienceOf(spectator.seat.player).write(spectator, this.#engine.clock.now());
      if (message) onlooker.take(message, spectator.tick);
    } catch (error) {
      onlooker.fail(error);
    }
  }

  #audienceOf(player: Player | undefined): Audience {
    return player || !this.#delayed ? this.#audience : this.#delayed.audience;
  }

  /** The viewer is another one now: a player, or no more. */
  #reseat(viewer: string): void {
    const old = this.#viewers.get(viewer);
    if (!old) return;
    const player = this.room.player(viewer);
    const spectator = this.#audienceOf(player).add({ player });
    this.#viewers.set(viewer, spectator);
    for (const [onlooker, known] of this.#spectators) if (known === old) this.#spectators.set(onlooker, spectator);
  }
}

/** The data that a member gives of itself. */
function dataOf(member: unknown): unknown {
  return (member as { readonly data: unknown }).data;
}

/** Both are JSON. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
