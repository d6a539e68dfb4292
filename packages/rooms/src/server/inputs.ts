import { type NumberedInput, mostInputs } from '../wire/up.js';

/** Inputs of one player that wait for their tick, at most. */
const mostWaiting = 128;
/** A held input counts for so many seconds at most after the last that came: the link may have gone. */
const mostHeld = 0.25;

/** A number that has not come for so many seconds is not waited for: it was sent again in the meantime, if it was sent at all (ROOM-12). */
const mostMissing = 3;

/** The fate of an input that comes after its tick: it counts for the next one, or not at all. */
export type LatePolicy = 'apply' | 'drop';

export interface InputQueueOptions<Given> {
  /** Steps a second. As many inputs of each kind count, and half as many at once, after a link that stood still. */
  readonly rate: number;
  readonly late: LatePolicy;
  /** The input as the rules of the room are given it. */
  readonly give: (input: NumberedInput) => Given;
}

/** An input that was accepted. */
interface Accepted<Given> {
  readonly input: NumberedInput;
  /** The tick that it counts at. */
  tick: number;
  /** As the rules are given it where it is the only one of its step, as nearly all are, and a held one many times over. */
  readonly alone: readonly [Given];
}

/** An input that is held, for its kind. */
interface Held<Given> {
  readonly kind: number;
  alone: readonly [Given];
  /** The last tick that it counted for, by its own or as what was held before. */
  until: number;
  /** The last tick that it may count for. */
  last: number;
}

/**
 * The inputs of one player: each counts once, in its order, at its tick, however often it was sent. A held input goes on where nothing
 * has come for a tick, so that a link that stutters does not make the player stutter.
 */
export class InputQueue<Given> {
  readonly #options: InputQueueOptions<Given>;
  readonly #waiting: Accepted<Given>[] = [];
  /** One for each kind that is held, those first that have been for longest. */
  readonly #held: Held<Given>[] = [];
  /** By kind: inputs that may come now. Clocks differ a little. */
  readonly #tokens: number[] = [];
  /** The one that is held, where nothing else has to be looked at until something comes: nearly always. */
  #only: Held<Given> | undefined;
  #filledAt = 0;
  #newest = 0;
  /** Numbers before the newest that have not come, in their order, and the ticks since when that is known. */
  readonly #missing = new Map<number, number>();
  /** All up to this number have counted, or never will; none after it has. */
  applied = 0;
  /** By how many ticks the least early of those that came last was early. */
  lead = 0;
  /** Refused: too many, too late, or for a time that is too far off. */
  dropped = 0;

  /** Goes on after the number `applied`. Nothing after that has counted yet, since inputs count in their order: all of it comes again. */
  constructor(options: InputQueueOptions<Given>, applied: number) {
    this.#options = options;
    this.applied = this.#newest = applied;
  }

  /** The highest number that has come. */
  get newest(): number {
    return this.#newest;
  }

  /** Takes those that are new. `tick` is the next that will be stepped, `now` in milliseconds. */
  add(inputs: readonly NumberedInput[], tick: number, now: number): void {
    this.#refill(now);
    this.#only = undefined;
    let lead = 1000;
    for (const input of inputs) {
      if (!this.#isNew(input.seq, tick)) continue;
      lead = Math.max(-1000, Math.min(lead, input.tick - tick));
      if (this.#accepts(input, tick)) this.#enqueue(input);
      else this.dropped++;
    }
    // Clients send no older ones again.
    for (const seq of this.#missing.keys()) {
      if (seq > this.#newest - mostInputs) break;
      this.#missing.delete(seq);
    }
    if (lead < 1000) this.lead = lead;
  }

  /** False: it was there already, sent again or by a connection before. Requests may overtake each other, so some come late. */
  #isNew(seq: number, tick: number): boolean {
    if (seq <= this.#newest) return this.#missing.delete(seq);
    for (let missing = Math.max(this.#newest + 1, seq - mostInputs); missing < seq; missing++)
      this.#missing.set(missing, tick);
    this.#newest = seq;
    return true;
  }

  #enqueue(input: NumberedInput): void {
    const waiting = this.#waiting;
    const accepted: Accepted<Given> = { input, tick: input.tick, alone: [this.#options.give(input)] };
    let at = waiting.length;
    while (at > 0 && waiting[at - 1]!.input.seq > input.seq) at--;
    // A client whose clock was ahead, as where the room stood still, has put it right: those before are due as well.
    for (let i = at - 1; i >= 0 && waiting[i]!.tick > input.tick; i--) waiting[i]!.tick = input.tick;
    if (at === waiting.length) waiting.push(accepted);
    else waiting.splice(at, 0, accepted);
  }

  /** Those that count for this tick. Hot path: for one that is held, or where nobody acts, nothing is allocated. */
  take(tick: number): readonly Given[] {
    const only = this.#only;
    if (only && only.until < tick && tick <= only.last) {
      only.until = tick;
      return only.alone;
    }
    return this.#look(tick);
  }

  #look(tick: number): readonly Given[] {
    const waiting = this.#waiting;
    let taken: readonly Given[] = none;
    if (this.#missing.size > 0) this.#forget(tick);
    const firstMissing = this.#firstMissing;
    // In the order of their numbers: one that is due waits for those before it, those that have not come among them.
    while (waiting.length > 0 && waiting[0]!.tick <= tick && waiting[0]!.input.seq < firstMissing) {
      // A list that is shifted empty would have to grow again for the next one.
      const accepted = (waiting.length === 1 ? waiting.pop() : waiting.shift())!;
      if (this.#begin(accepted)) taken = joined(taken, accepted.alone);
    }
    if (this.#held.length > 0) taken = this.#goOn(tick, taken);
    // Refused ones that follow the last one count with it: nobody waits for them.
    const last = Math.min(this.#newest, (waiting[0]?.input.seq ?? Infinity) - 1, firstMissing - 1);
    if (last > this.applied) this.applied = last;
    this.#only =
      waiting.length === 0 && this.#missing.size === 0 && this.#held.length === 1 ? this.#held[0] : undefined;
    return taken;
  }

  /** Its turn has come. False: a held one before it counted for its tick already, or it ends that one. */
  #begin(accepted: Accepted<Given>): boolean {
    const { tick } = accepted;
    const { kind, mode } = accepted.input;
    const at = this.#held.findIndex((held) => held.kind === kind);
    const held = this.#held[at];
    const last = Math.floor(tick + mostHeld * this.#options.rate);
    const counts = mode === 'once' || (mode === 'held' && (!held || tick > held.until));
    if (mode === 'released' && held) this.#held.splice(at, 1);
    else if (mode === 'held' && held) {
      held.alone = accepted.alone;
      held.until = Math.max(tick, held.until);
      held.last = last;
    } else if (mode === 'held') this.#held.push({ kind, alone: accepted.alone, until: tick, last });
    return counts;
  }

  get #firstMissing(): number {
    return this.#missing.size > 0 ? this.#missing.keys().next().value! : Infinity;
  }

  /** Numbers that have been missing for so long will not come. */
  #forget(tick: number): void {
    for (const [seq, since] of this.#missing) {
      if (tick - since < mostMissing * this.#options.rate) return;
      this.#missing.delete(seq);
    }
  }

  #goOn(tick: number, given: readonly Given[]): readonly Given[] {
    let taken = given;
    for (let i = 0; i < this.#held.length; i++) {
      const held = this.#held[i]!;
      if (held.until >= tick) continue;
      if (tick > held.last) this.#held.splice(i--, 1);
      else {
        held.until = tick;
        taken = joined(taken, held.alone);
      }
    }
    return taken;
  }

  #refill(now: number): void {
    const { rate } = this.#options;
    const tokens = this.#tokens;
    const more = (Math.max(0, now - this.#filledAt) * rate * 1.05) / 1000;
    this.#filledAt = now;
    for (let kind = 0; kind < tokens.length; kind++)
      tokens[kind] = Math.min(rate / 2, (tokens[kind] ?? rate / 2) + more);
  }

  #accepts({ kind, tick: meant }: NumberedInput, tick: number): boolean {
    const { rate, late } = this.#options;
    const tokens = (this.#tokens[kind] ??= rate / 2);
    // A second ahead at most.
    if ((late === 'drop' && meant < tick) || meant > tick + rate) return false;
    if (tokens < 1 || this.#waiting.length >= mostWaiting) return false;
    this.#tokens[kind] = tokens - 1;
    return true;
  }
}

const none: readonly never[] = [];

function joined<T>(some: readonly T[], more: readonly T[]): readonly T[] {
  return some.length === 0 ? more : [...some, ...more];
}
