/** Samples of which the one with the shortest way counts. */
const keptSamples = 10;
/** A difference of more ticks than a quarter of a second is no drift: it is taken at once. */
const jumpMs = 250;
/** Any other is made up at this part of the time that passes. */
const slew = 0.05;

interface Sample {
  readonly rttMs: number;
  /** Server ticks less client time in ticks. */
  readonly offset: number;
}

/**
 * The server's time as a client knows it: from answers that came by the shortest way, moved slowly, so that what is drawn by it never
 * stands still or leaps.
 */
export class ClockSync {
  readonly #rate: number;
  readonly #samples: Sample[] = [];
  #offset: number | undefined;
  #movedAt = 0;
  /** Mean distance of the times at which snapshots come from the times at which they should. */
  jitterMs = 0;
  #lastArrival: { readonly at: number; readonly tick: number } | undefined;

  /** `rate`: ticks a second. */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /** The way to the server and back, undefined before the first answer. */
  get rttMs(): number | undefined {
    return this.#best?.rttMs;
  }

  get #best(): Sample | undefined {
    let best: Sample | undefined;
    for (const sample of this.#samples) if (!best || sample.rttMs < best.rttMs) best = sample;
    return best;
  }

  /** A snapshot of `tick` came at `now`. `rttMs`: where it answers a message. */
  arrived(tick: number, now: number, rttMs?: number): void {
    const last = this.#lastArrival;
    if (last && tick > last.tick) {
      const late = now - last.at - ((tick - last.tick) * 1000) / this.#rate;
      this.jitterMs += (Math.abs(late) - this.jitterMs) / 16;
    }
    this.#lastArrival = { at: now, tick };
    if (rttMs !== undefined) {
      this.#samples.push({ rttMs: Math.max(0, rttMs), offset: tick + ((rttMs / 2 - now) * this.#rate) / 1000 });
      if (this.#samples.length > keptSamples) this.#samples.shift();
    }
    const offset = tick - (now * this.#rate) / 1000;
    // On another connection, where the room stood still meanwhile: the way is measured soon.
    if (this.#samples.length === 0 && Math.abs(offset - (this.#offset ?? offset)) > this.#jump) this.#offset = offset;
    this.#offset ??= offset;
  }

  get #jump(): number {
    return (jumpMs * this.#rate) / 1000;
  }

  /** The tick that the server is at, with a fraction. 0 before the first snapshot. */
  tickAt(now: number): number {
    if (this.#offset === undefined) return 0;
    const target = this.#best?.offset ?? this.#offset;
    const missing = target - this.#offset;
    const passed = Math.max(0, now - this.#movedAt);
    this.#movedAt = now;
    const most = (passed * slew * this.#rate) / 1000;
    if (Math.abs(missing) > this.#jump) this.#offset = target;
    else this.#offset += Math.max(-most, Math.min(most, missing));
    return this.#offset + (now * this.#rate) / 1000;
  }

  /** The ticks are counted anew. */
  forget(): void {
    this.restart();
    this.#offset = undefined;
  }

  /** The connection is another one: what was measured on the old one says nothing. */
  restart(): void {
    this.#samples.length = 0;
    this.#lastArrival = undefined;
  }
}
