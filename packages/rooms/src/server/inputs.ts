import type { NumberedInput } from '../wire/up.js';

/** Inputs of one player that wait for their tick, at most. */
const mostWaiting = 128;
/** A held input counts for so many seconds at most after the last that came: the link may have gone. */
const mostHeld = 0.25;

/** A number that has not come for so many seconds is not waited for: it was sent again in the meantime, if it was sent at all. */
const mostMissing = 3;

/** The fate of an input that comes after its tick: it counts for the next one, or not at all. */
export type LatePolicy = 'apply' | 'drop';

export interface InputQueueOptions {
  /** Steps a second. As many inputs of each kind count, and half as many at once, after a link that stood still. */
  readonly rate: number;
  readonly late: LatePolicy;
}

/** An input that is held, for its kind. */
interface Held {
  readonly input: NumberedInput;
  /** The last tick that it counted for, by its own or as what was held before. */
  readonly until: number;
}

/** All that a queue needs to go on elsewhere: which numbers counted. */
export interface KeptInputs {
  /** All up to this one did, or never will. */
  readonly applied: number;
  /** And all up to this one, but for those that are missing. Default: `applied`. */
  readonly newest?: number;
  readonly missing?: readonly number[];
}

/**
 * The inputs of one player: each counts once, in its order, at its tick, however often it was sent. A held input goes on where nothing
 * has come for a tick, so that a link that stutters does not make the player stutter.
 */
export class InputQueue {
  readonly #options: InputQueueOptions;
  readonly #waiting: NumberedInput[] = [];
  /** By kind. */
  readonly #held = new Map<number, Held>();
  /** By kind: inputs that may come now. Clocks differ a little. */
  readonly #tokens: number[] = [];
  #filledAt = 0;
  #newest = 0;
  /** Numbers before the newest that have not come, in their order, and the ticks since when that is known. */
  readonly #missing = new Map<number, number>();
  /** Number of the last one that counted. */
  applied = 0;
  /** By how many ticks the least early of those that came last was early. */
  lead = 0;
  /** Refused: too many, too late, or for a time that is too far off. */
  dropped = 0;

  /** Goes on after `kept`, at `tick`. */
  constructor(options: InputQueueOptions, { applied, newest = applied, missing = [] }: KeptInputs, tick: number) {
    this.#options = options;
    this.applied = applied;
    this.#newest = newest;
    for (const seq of missing) this.#missing.set(seq, tick);
  }

  /** Those that wait for their tick are not kept: they come again. */
  get kept(): KeptInputs {
    const missing = [...this.#missing.keys(), ...this.#waiting.map(({ seq }) => seq)];
    return { applied: this.applied, newest: this.#newest, missing: missing.toSorted((a, b) => a - b) };
  }

  /** Takes those that are new. `tick` is the next that will be stepped, `now` in milliseconds. */
  add(inputs: readonly NumberedInput[], tick: number, now: number): void {
    this.#refill(now);
    let lead = 1000;
    for (const input of inputs) {
      if (!this.#isNew(input.seq, tick)) continue;
      lead = Math.max(-1000, Math.min(lead, input.tick - tick));
      if (this.#accepts(input, tick)) this.#enqueue(input);
      else this.dropped++;
    }
    if (lead < 1000) this.lead = lead;
  }

  /** False: it was there already, sent again or by a connection before. Requests may overtake each other, so some come late. */
  #isNew(seq: number, tick: number): boolean {
    if (seq <= this.#newest) return this.#missing.delete(seq);
    for (let missing = Math.max(this.#newest + 1, seq - mostWaiting); missing < seq; missing++)
      this.#missing.set(missing, tick);
    this.#newest = seq;
    return true;
  }

  #enqueue(input: NumberedInput): void {
    const waiting = this.#waiting;
    let at = waiting.length;
    while (at > 0 && waiting[at - 1]!.seq > input.seq) at--;
    waiting.splice(at, 0, input);
  }

  /** Those that count for this tick. */
  take(tick: number): readonly NumberedInput[] {
    let count = 0;
    // In the order of their numbers: one that is due waits for those before it.
    while (count < this.#waiting.length && this.#waiting[count]!.tick <= tick) count++;
    const isQuiet = this.#held.size === 0 && this.#missing.size === 0 && this.applied === this.#newest;
    if (count === 0 && isQuiet) return none;
    const taken: NumberedInput[] = [];
    for (const input of count === 0 ? none : this.#waiting.splice(0, count)) {
      const held = this.#held.get(input.kind);
      if (input.mode === 'released') this.#held.delete(input.kind);
      // The held one before it counted for its tick already.
      else if (input.mode === 'once' || !held || input.tick > held.until) taken.push(input);
      if (input.mode === 'held') this.#held.set(input.kind, { input, until: Math.max(input.tick, held?.until ?? 0) });
    }
    this.#goOn(tick, taken);
    this.#forget(tick);
    // Refused ones that follow the last one count with it: nobody waits for them.
    const next = Math.min(
      this.#waiting[0]?.seq ?? Infinity,
      this.#missing.keys().next().value ?? Infinity,
      this.#newest + 1,
    );
    this.applied = Math.max(this.applied, next - 1);
    return taken;
  }

  /** Numbers that have been missing for so long will not come. */
  #forget(tick: number): void {
    for (const [seq, since] of this.#missing) {
      if (tick - since < mostMissing * this.#options.rate) return;
      this.#missing.delete(seq);
    }
  }

  #goOn(tick: number, taken: NumberedInput[]): void {
    for (const [kind, { input, until }] of this.#held) {
      if (until >= tick) continue;
      if (tick - input.tick > mostHeld * this.#options.rate) this.#held.delete(kind);
      else {
        this.#held.set(kind, { input, until: tick });
        taken.push(input);
      }
    }
  }

  #refill(now: number): void {
    const { rate } = this.#options;
    const more = (Math.max(0, now - this.#filledAt) * rate * 1.05) / 1000;
    this.#filledAt = now;
    for (const [kind, tokens] of this.#tokens.entries())
      this.#tokens[kind] = Math.min(rate / 2, (tokens ?? rate / 2) + more);
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

const none: readonly NumberedInput[] = [];
