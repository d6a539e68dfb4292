import { encodePayload } from '@longwave/protocol';
import type { Entities, RoomInput, Kinds, RoomDefinition } from '../contract/room.js';
import { Comparison } from '../snapshot/comparison.js';
import { History } from '../snapshot/history.js';
import { type World, capture } from '../snapshot/world.js';
import { type RoomEvent, mostEventBytes, mostEvents } from '../wire/down.js';
import type { NumberedInput } from '../wire/up.js';
import { InputQueue, type InputQueueOptions, type LatePolicy } from './inputs.js';
import type { Player, RoomLogic } from '../contract/logic.js';
import type { Recorder } from './recording.js';
import { Rewind } from './rewind.js';
import { atOnce } from './at-once.js';
import { SeededRandom } from './seeded-random.js';
import { StepClock } from './step-clock.js';

/** Numbers of inputs of a player who left that may still be on their way: those of the same member as another player begin after them. */
const mostOnTheirWay = 1024;
/** Players who left that this is known of. */
const mostLeft = 64;

/** Snapshots that are kept: for viewers that lag, for who comes back, and to look back. */
const keptSnapshots = 32;

export interface RoomOptions<E extends Kinds, I extends Kinds, S extends Entities<E>> {
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  /** JSON that it was made with. */
  readonly options?: unknown;
  readonly definition: RoomDefinition<E, I>;
  readonly logic: RoomLogic<E, I, S>;
  /** Beginning of its random numbers. */
  readonly seed: number;
  /** Milliseconds. */
  readonly now: number;
  readonly late?: LatePolicy;
  /** Where it goes on, if it was kept. */
  readonly kept?: KeptRoom<S>;
  readonly recorder?: Recorder | undefined;
}

/** All that a room needs to go on elsewhere: plain data. */
export interface KeptRoom<S> {
  readonly tick: number;
  readonly state: S;
  readonly random: number;
  readonly lastPlayer: number;
  readonly left?: readonly (readonly [key: string, number: number])[];
  /** `applied`: number of the last input of theirs that counted. */
  readonly players: readonly (Player & { readonly applied: number })[];
}

interface Seat<I extends Kinds> {
  readonly player: Player;
  readonly inputs: InputQueue<RoomInput<I>>;
  /** The first step that they are there for. */
  readonly since: number;
}

/** Facts of a player that stand in front of the snapshots for it. */
export interface Standing {
  readonly player: number;
  readonly applied: number;
  readonly lead: number;
}

/** A room on the node that owns it: its state, stepped at a fixed rate, and the snapshots of it. Knows no network. */
export class Room<E extends Kinds = Kinds, I extends Kinds = Kinds, S extends Entities<E> = Entities<E>> {
  readonly name: string;
  readonly definition: RoomDefinition<E, I>;
  /** The next step. */
  tick: number;
  state: S;
  readonly history: History;
  readonly comparison: Comparison;
  /** The newest events, for those who have not been told of them. */
  readonly events: RoomEvent[] = [];
  readonly #logic: RoomLogic<E, I, S>;
  readonly #random: SeededRandom;
  readonly #clock: StepClock;
  readonly #seats = new Map<string, Seat<I>>();
  readonly #queueOptions: InputQueueOptions<RoomInput<I>>;
  readonly #rewind: Rewind;
  readonly #recorder: Recorder | undefined;
  #lastPlayer = 0;
  /** Players who left last, by their keys, and the number that whoever comes by the key begins after. */
  readonly #left: Map<string, number>;
  #isStopped = false;

  constructor({
    name,
    params,
    options,
    definition,
    logic,
    seed,
    now,
    late = 'apply',
    kept,
    recorder,
  }: RoomOptions<E, I, S>) {
    this.name = name;
    this.definition = definition;
    this.#logic = logic;
    this.#queueOptions = { rate: definition.tick, late, give: (input) => this.#named(input) };
    this.#recorder = recorder;
    this.#random = new SeededRandom(kept?.random ?? seed);
    this.#clock = new StepClock(definition.tick, now);
    this.#left = new Map(kept?.left);
    this.history = new History(definition, keptSnapshots);
    this.#rewind = new Rewind(definition, this.history);
    // The state before the first step has a tick too, and 0 is none.
    this.tick = kept?.tick ?? definition.tick / definition.send + 1;
    this.state = kept?.state ?? atOnce('create', logic.create({ name, params, options, random: this.#random.next }));
    if (kept) {
      this.#lastPlayer = kept.lastPlayer;
      for (const { applied, ...player } of kept.players) this.#seat(player, applied, 0);
    }
    this.comparison = new Comparison(this.#capture());
  }

  get players(): readonly Player[] {
    return [...this.#seats.values()].map(({ player }) => player);
  }

  get playerCount(): number {
    return this.#seats.size;
  }

  player(key: string): Player | undefined {
    return this.#seats.get(key)?.player;
  }

  /** A player comes, or is there already: then nothing happens. */
  join(key: string, user: string | undefined, data: unknown): Player {
    const present = this.#seats.get(key);
    if (present) return present.player;
    this.#recorder?.join(key, user, data);
    const player: Player = { id: ++this.#lastPlayer, key, user, data };
    this.#seat(player, this.#left.get(key) ?? 0, this.tick);
    atOnce('join', this.#logic.join?.(this.state, player));
    return player;
  }

  leave(key: string): void {
    const seat = this.#seats.get(key);
    if (!seat) return;
    this.#recorder?.leave(key);
    this.#seats.delete(key);
    this.#left.delete(key);
    this.#left.set(key, seat.inputs.newest + mostOnTheirWay);
    if (this.#left.size > mostLeft) this.#left.delete(this.#left.keys().next().value!);
    this.#rewind.forget(seat.player.id);
    atOnce('leave', this.#logic.leave?.(this.state, seat.player));
  }

  /** Inputs of a player that is there; of anybody else they are left out. Their picture was older by `behind` ticks. */
  take(key: string, inputs: readonly NumberedInput[], behind: number, now: number): void {
    const seat = this.#seats.get(key);
    if (!seat) return;
    this.#recorder?.inputs(key, inputs, behind, now);
    seat.inputs.add(inputs, this.tick, now);
    if (inputs.length > 0) this.#rewind.saw(seat.player.id, behind);
  }

  /** Undefined: the player is not there, or has come since the newest snapshot, and nothing of it is in that. */
  standing(key: string): Standing | undefined {
    const seat = this.#seats.get(key);
    if (!seat || seat.since > this.newest.tick) return undefined;
    const { player, inputs } = seat;
    return { player: player.id, applied: inputs.applied, lead: inputs.lead };
  }

  /** Makes the steps that are due. True: there is a new snapshot. */
  advance(now: number): boolean {
    const { tick, send } = this.definition;
    let isNew = false;
    if (this.#isStopped) return false;
    for (let steps = this.#clock.take(now); steps > 0; steps--) {
      this.#recorder?.step();
      this.step();
      // After several steps that were late there is one snapshot.
      isNew ||= (this.tick - 1) % (tick / send) === 0;
    }
    if (!isNew) return false;
    this.#recorder?.show();
    this.show();
    return true;
  }

  /** Until the next step is due. */
  waitMs(now: number): number {
    return this.#isStopped ? Infinity : this.#clock.waitMs(now);
  }

  get newest(): World {
    return this.history.newest!;
  }

  isVisible(viewer: Player, kind: keyof E & string, id: number): boolean {
    const answer: unknown = atOnce('visible', this.#logic.visible?.(this.state, viewer, kind, id));
    return answer === true;
  }

  get hasVisible(): boolean {
    return this.#logic.visible !== undefined;
  }

  /** No step is made from now on: the room goes on elsewhere. */
  stop(): void {
    this.#isStopped = true;
  }

  /** JSON that the rules tell of it, for lists. */
  get about(): unknown {
    return atOnce('about', this.#logic.about?.(this.state));
  }

  /** All that it needs to go on elsewhere. The state is the one that goes on here: to be kept at once. */
  keep(): KeptRoom<S> {
    const players = [...this.#seats.values()].map(({ player, inputs }) => ({ ...player, applied: inputs.applied }));
    return {
      ...{ tick: this.tick, state: this.state, random: this.#random.state },
      ...{ lastPlayer: this.#lastPlayer, left: [...this.#left], players },
    };
  }

  #seat(player: Player, applied: number, since: number): void {
    const inputs = new InputQueue(this.#queueOptions, applied);
    this.#seats.set(player.key, { player, inputs, since });
  }

  /** Makes one step. */
  step(): void {
    const { tick, definition } = this;
    const inputs = new Map<number, readonly RoomInput<I>[]>();
    for (const { player, inputs: queue } of this.#seats.values()) {
      const taken = queue.take(tick);
      if (taken.length > 0) inputs.set(player.id, taken);
    }
    this.#rewind.tick = tick;
    const context = { tick, isServer: true, random: this.#random.next, emit: this.#emit, seenBy: this.#rewind.seenBy };
    atOnce('step', this.#logic.step(this.state, inputs, 1 / definition.tick, context));
    this.tick++;
  }

  #named({ kind, values }: NumberedInput): RoomInput<I> {
    return { kind: this.definition.inputLayouts[kind]!.kind, ...values } as RoomInput<I>;
  }

  readonly #emit = (name: string, data?: unknown): void => {
    const payload = encodePayload(data);
    if (typeof payload !== 'string' || payload.length > mostEventBytes || name.length > 64) {
      throw new RangeError(`An event has a name of at most 64 units and at most ${mostEventBytes} of JSON.`);
    }
    this.events.push({ tick: this.tick, name, data: JSON.parse(payload) });
    // More than anybody can be told of at once is lost.
    if (this.events.length > mostEvents) this.events.shift();
  };

  /** Takes the state as a snapshot. */
  show(): void {
    this.#capture();
  }

  #capture(): World {
    const base = this.history.newest;
    const world = capture(this.history.next(), this.definition, this.state, this.tick - 1);
    this.comparison?.compare(base, world);
    return world;
  }
}
