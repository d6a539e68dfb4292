import type { RoomLogic } from '../contract/logic.js';
import type { Entities, Kinds, RoomDefinition } from '../contract/room.js';
import type { ValuesOf } from '../contract/fields.js';
import { KnownEntities } from '../snapshot/known-entities.js';
import { type Down, type RoomEvent, readDown } from '../wire/down.js';
import { type NumberedInput, encodeUp, maxBehind, mostInputs, tagOf } from '../wire/up.js';
import { ClockSync } from './clock-sync.js';
import { Delay } from './delay.js';
import { InputLead } from './input-lead.js';
import { Picture } from './picture.js';
import { Prediction } from './prediction.js';

/** Inputs that are sent again with the next message, though nobody asked: one message may be lost between two nodes. */
const repeated = 3;
/** Without an input a message is sent this often: the clock and the server's view of what was seen need it. */
const quietMs = 200;

/** The part of a room's rules that prediction needs. */
export type PredictedLogic<E extends Kinds, I extends Kinds, S extends Entities<E>> = Pick<
  RoomLogic<E, I, S>,
  'step' | 'create'
>;

export interface PlayingOptions<E extends Kinds, I extends Kinds, S extends Entities<E>> {
  readonly definition: RoomDefinition<E, I>;
  /** Kind of the own entity. */
  readonly own: keyof E & string;
  readonly predict?: PredictedLogic<E, I, S> | undefined;
  /** Sends to the room. May lose it. */
  readonly send: (message: Uint8Array) => void;
  readonly onEvent?: ((event: RoomEvent) => void) | undefined;
  readonly now: () => number;
}

/** Steps of one call at most. */
const mostSteps = 30;

type Made = Pick<NumberedInput, 'kind' | 'mode' | 'values'>;

/** Figures of the connection to a room, for a panel. */
export interface NetStats {
  rttMs: number | undefined;
  jitterMs: number;
  /** The picture lies so far behind the server. */
  delayMs: number;
  snapshots: number;
  bytesDown: number;
  bytesUp: number;
  /** Times that server and client did not know the same. */
  desyncs: number;
  corrections: number;
  lastCorrection: number;
  /** By how many ticks the newest input was early at the server. */
  lead: number;
}

/** A room as one client plays it: snapshots in, a picture and inputs out. Knows no network and no screen. */
export class Playing<E extends Kinds = Kinds, I extends Kinds = Kinds, S extends Entities<E> = Entities<E>> {
  readonly stats: NetStats = {
    rttMs: undefined,
    jitterMs: 0,
    delayMs: 0,
    snapshots: 0,
    bytesDown: 0,
    bytesUp: 0,
    desyncs: 0,
    corrections: 0,
    lastCorrection: 0,
    lead: 0,
  };
  /** Switches, for a panel that shows what each does. */
  readonly shows = { prediction: true, interpolation: true };
  readonly #options: PlayingOptions<E, I, S>;
  readonly #known: KnownEntities;
  readonly #clock: ClockSync;
  readonly #delay: Delay;
  readonly #picture: Picture<E>;
  #prediction: Prediction<E, I, S> | undefined;
  /** The own player's id; undefined while it is not known, and for who only watches. */
  player: number | undefined;
  readonly #unanswered: (Omit<NumberedInput, 'tick'> & { tick: number })[] = [];
  readonly #held = new Map<string, Made>();
  /** The last tick that the player acted in, or could have. */
  #stepped = 0;
  #seq = 0;
  #room = 0;
  /** The tick that was drawn last. */
  #drawn = 0;
  /** The last input that was sent, and when something was. */
  #sent = { seq: 0, at: -Infinity };
  /** The first input that is not answered. */
  #oldest = { seq: 0, since: 0 };
  readonly #lead: InputLead;

  constructor(options: PlayingOptions<E, I, S>) {
    this.#options = options;
    const { definition } = options;
    this.#known = new KnownEntities(definition);
    this.#clock = new ClockSync(definition.tick);
    this.#delay = new Delay(definition.tick, definition.send);
    this.#lead = new InputLead(definition.tick);
    this.#picture = new Picture(definition);
  }

  /** Tick of the last snapshot, 0 before the first and where one that says all is needed. */
  get held(): number {
    return this.#known.tick;
  }

  /** The room is another one, whose steps and inputs are counted anew. */
  beginAnew(epoch: string): void {
    this.#room = tagOf(epoch);
    this.#known.tick = this.#seq = this.#stepped = 0;
    this.#unanswered.length = 0;
    this.#clock.forget();
    this.#become(undefined);
    this.reconnected();
  }

  /** The connection is another one. Inputs that were not answered are sent again. */
  reconnected(): void {
    this.#clock.restart();
    this.#sent = { seq: 0, at: -Infinity };
  }

  /** A message of the room. After one that cannot be read the server begins anew. Throws what `step` throws. */
  receive(message: Uint8Array): void {
    const { stats } = this;
    stats.bytesDown += message.length;
    const now = this.#options.now();
    const down = this.#read(message);
    if (!down) return this.#askForAll(now);
    const { player, applied, lead, echo, hash, events } = down;
    stats.snapshots++;
    // The room knows the player from before: by an earlier `play`, or from what was kept of it when its node was gone.
    this.#seq = Math.max(this.#seq, applied);
    if (player !== this.player) this.#become(player);
    stats.lead = lead;
    const rttMs = echo && ((now - echo.sentAt) % 2 ** 32) - echo.heldMs;
    this.#clock.arrived(this.#known.tick, now, rttMs);
    this.#delay.follow(this.#clock.jitterMs);
    this.#picture.take(this.#known);
    if (hash !== undefined && hash !== this.#known.hash()) {
      stats.desyncs++;
      return this.#askForAll(now);
    }
    while (this.#unanswered.length > 0 && this.#unanswered[0]!.seq <= applied) this.#unanswered.shift();
    this.#lead.answered(applied, lead);
    this.#prediction?.reconcile(this.#known, applied, now);
    for (const event of events ?? []) this.#options.onEvent?.(event);
  }

  /** Applies the snapshot in a message. Undefined: it cannot be read, or continues another one than the last. */
  #read(message: Uint8Array): Down | undefined {
    try {
      const down = readDown(message);
      return this.#known.apply(down.snapshot) ? down : undefined;
    } catch {
      return undefined;
    }
  }

  /** It is another player now, or none: what was predicted is of the one before, and the own entity is drawn at once. */
  #become(player: number | undefined): void {
    const { definition, predict, own: kind } = this.#options;
    this.#picture.clear();
    this.player = player;
    this.#prediction = undefined;
    if (!predict || player === undefined) return;
    const { step, create } = predict;
    const makeState = (): S => create({ name: '', params: {}, random: Math.random });
    this.#prediction = new Prediction(definition, step, makeState, { kind, id: player });
    for (const input of this.#unanswered) this.#prediction.add(input);
  }

  /** Acts once, at the next step. Until the room has told who the player is, nothing that they do would count. */
  input<Kind extends keyof I & string>(kind: Kind, values: ValuesOf<I[Kind]>): void {
    if (this.player === undefined) return;
    this.#make({ ...this.#readInput(kind, values), mode: 'once' }, this.#stepped + 1);
  }

  /** Acts at each step from now on, until it is called for the kind with other values, or without: a stick that is held. */
  hold<Kind extends keyof I & string>(kind: Kind, values: ValuesOf<I[Kind]> | undefined): void {
    const held = this.#held.get(kind);
    if (values !== undefined) this.#held.set(kind, { ...this.#readInput(kind, values), mode: 'held' });
    else if (held) {
      this.#held.delete(kind);
      this.#make({ kind: held.kind, mode: 'released', values: {} }, this.#stepped + 1);
    }
  }

  #readInput(kind: string, values: Readonly<Record<string, unknown>>): Omit<Made, 'mode'> {
    const { inputLayouts } = this.#options.definition;
    const place = inputLayouts.findIndex((named) => named.kind === kind);
    if (place < 0) throw new TypeError(`The room has no input '${kind}'.`);
    return { kind: place, values: inputLayouts[place]!.layout.rounded(values as never) };
  }

  #make(made: Made, tick: number): void {
    const input = { seq: ++this.#seq, tick, ...made };
    this.#unanswered.push(input);
    if (this.#unanswered.length > mostInputs) this.#unanswered.shift();
    this.#prediction?.add(input);
  }

  /** To be called for each frame that is drawn, or at each step: predicts, and sends what is to be sent. */
  update(): void {
    const now = this.#options.now();
    if (this.player !== undefined) this.#step(Math.floor(this.#inputTick(now)));
    this.#repeat(now);
    const { send } = this.#options.definition;
    const hasNew = this.#seq > this.#sent.seq;
    if (now - this.#sent.at < (hasNew ? 1000 / send - 1 : quietMs)) return;
    this.#say(now);
  }

  /** Inputs that are not answered for longer than twice the way takes are sent again: those after them wait for them. */
  #repeat(now: number): void {
    const first = this.#unanswered[0]?.seq ?? 0;
    if (first !== this.#oldest.seq) this.#oldest = { seq: first, since: now };
    if (first === 0 || now - this.#oldest.since < 2 * (this.#clock.rttMs ?? 0) + 4000 / this.#options.definition.send)
      return;
    this.#oldest = { seq: first, since: now };
    this.#sent.seq = 0;
  }

  /**
   * After a pause the steps that were not drawn are left out. Where the room stood still, as one that moves does, acts that it does not
   * know are due now: those after them would wait for them as long as it stood.
   */
  #step(target: number): void {
    if (target < this.#stepped) {
      this.#stepped = target;
      for (const input of this.#unanswered) input.tick = Math.min(input.tick, target);
      this.#prediction?.goBack(target);
    }
    if (target - this.#stepped > mostSteps) this.#stepped = target - 1;
    while (this.#stepped < target) {
      const tick = ++this.#stepped;
      for (const held of this.#held.values()) this.#make(held, tick);
      this.#prediction?.advance(tick);
    }
  }

  /** The room as it is to be drawn: everybody else as they were some time ago, the own entity ahead. */
  draw(): { readonly entities: Entities<E>; readonly own: Readonly<Record<string, unknown>> | undefined } {
    const now = this.#options.now();
    const { stats } = this;
    const { tick } = this.#options.definition;
    const delay = this.shows.interpolation ? this.#delay.ticks : 0;
    const at = this.shows.interpolation ? this.#clock.tickAt(now) - this.#wayTicks - delay : this.#known.tick;
    const entities = this.#picture.at(at);
    this.#drawn = at;
    stats.rttMs = this.#clock.rttMs;
    stats.jitterMs = this.#clock.jitterMs;
    stats.delayMs = (delay * 1000) / tick;
    const predicted = this.#prediction?.stats;
    if (predicted) ({ corrections: stats.corrections, lastCorrection: stats.lastCorrection } = predicted);
    const { player } = this;
    if (player === undefined) return { entities, own: undefined };
    const own = this.shows.prediction ? this.#prediction?.own(this.#inputTick(now), now) : undefined;
    return { entities, own: own ?? entities[this.#options.own].get(player) };
  }

  /** The tick that the server is at now. */
  get serverTick(): number {
    return this.#clock.tickAt(this.#options.now());
  }

  /** Half of the way to the server and back. */
  get #wayTicks(): number {
    return ((this.#clock.rttMs ?? 0) / 2000) * this.#options.definition.tick;
  }

  /** Steps that are sent together, and what the way differs. */
  get #waitTicks(): number {
    const { tick, send } = this.#options.definition;
    return tick / send + (2 * this.#clock.jitterMs * tick) / 1000;
  }

  /** The tick, with a fraction, that the server will be at when what is made now arrives. It never goes back or leaps. */
  #inputTick(now: number): number {
    const lead = this.#lead.at(now, this.#wayTicks + this.#waitTicks);
    return Math.max(this.#known.tick + 1, this.#clock.tickAt(now) + lead);
  }

  /** The next snapshot is to say all. */
  #askForAll(now: number): void {
    this.#known.tick = 0;
    if (now - this.#sent.at >= quietMs) this.#say(now);
  }

  #say(now: number): void {
    // Those that were not sent, and the last that were; all that are not answered where the connection is another one.
    const first = this.#sent.seq === 0 ? 0 : this.#unanswered.findIndex(({ seq }) => seq > this.#sent.seq);
    const from = first < 0 ? this.#unanswered.length : first;
    const inputs = this.#unanswered.slice(this.#sent.seq === 0 ? 0 : Math.max(0, from - repeated));
    const message = encodeUp(this.#options.definition, {
      room: this.#room,
      held: this.#known.tick,
      behind: Math.round(Math.max(0, Math.min(maxBehind, this.#stepped - this.#drawn))),
      sentAt: Math.floor(now) % 2 ** 32,
      inputs,
    });
    this.#sent = { seq: this.#seq, at: now };
    this.stats.bytesUp += message.length;
    this.#options.send(message);
  }
}
