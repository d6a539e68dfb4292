import type { Interval, QuietSighting } from '../processes/messages.js';
import type { InflictedFault } from '../faults/fault.js';
import { percentile } from '../workload/latency.js';

/** Events of one second, in all processes of clients. */
export interface Second {
  readonly at: number;
  published: number;
  acked: number;
  delivered: number;
  reconnects: number;
  resets: number;
  lagMs: number;
  p50?: number | undefined;
  p99?: number | undefined;
}

/** A message of a quiet channel must be noticed within this (G5). */
const detectionMs = 2000;
/**
 * Time after its end for which a fault may still be blamed: a dead connection is noticed within 7 s, and the next tried
 * within 2.
 */
const recoveryMs = 10_000;
/** A process whose timers are this late cannot be asked to be in time. */
const strainMs = 300;
const keptLate = 20_000;

export interface QuietResult {
  /** Sightings with nothing wrong anywhere. */
  readonly checked: number;
  readonly late: readonly QuietSighting[];
  readonly excused: number;
}

/** Everything by time: of the clock that all processes share, in milliseconds. */
export class Timeline {
  readonly startedAt: number;
  readonly faults: InflictedFault[] = [];
  readonly totals = { published: 0, acked: 0, delivered: 0, reconnects: 0 };
  readonly rejected: Record<string, number> = {};
  readonly diagnostics: Record<string, number> = {};
  readonly resets: Record<string, number> = {};
  readonly #seconds = new Map<number, Second & { latencies: Record<number, number> }>();
  readonly #latencies: Record<number, number> = {};
  readonly #ackLatencies: Record<number, number> = {};
  readonly #strains: number[] = [];
  readonly #acked: Pick<Interval, 'at' | 'until' | 'acked'>[] = [];
  /** Sightings in time, by the second in which the message was published. */
  readonly #prompt = new Map<number, number>();
  readonly #late: QuietSighting[] = [];

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  onInterval(interval: Interval): void {
    const { at, until, acked } = interval;
    if (acked > 0) this.#acked.push({ at, until, acked });
    const second = this.#second(interval.at);
    second.published += interval.published;
    second.acked += interval.acked;
    second.delivered += interval.delivered;
    second.reconnects += interval.reconnects;
    second.lagMs = Math.max(second.lagMs, interval.lagMs);
    if (interval.lagMs > strainMs) this.#strains.push(interval.at);
    addInto(second.latencies, interval.latencies);
    addInto(this.#latencies, interval.latencies);
    addInto(this.#ackLatencies, interval.ackLatencies);
    addInto(this.rejected, interval.rejected);
    addInto(this.diagnostics, interval.diagnostics);
    addInto(this.resets, interval.resets);
    second.resets += Object.values(interval.resets).reduce((sum, count) => sum + count, 0);
    this.totals.published += interval.published;
    this.totals.acked += interval.acked;
    this.totals.delivered += interval.delivered;
    this.totals.reconnects += interval.reconnects;
  }

  /** When some process had too much to do to be in time with anything. */
  get strains(): readonly { readonly from: number; readonly to: number }[] {
    return this.#strains.map((at) => ({ from: at, to: at }));
  }

  /** Publishes that were surely acknowledged in that time. */
  ackedWithin({ from, to }: { readonly from: number; readonly to: number }): number {
    const within = this.#acked.filter(({ at, until }) => at >= from && until <= to);
    return within.reduce((sum, { acked }) => sum + acked, 0);
  }

  onNodeLag(at: number, lagMs: number): void {
    const second = this.#second(at);
    second.lagMs = Math.max(second.lagMs, lagMs);
    if (lagMs > strainMs) this.#strains.push(at);
  }

  onQuiet(sightings: readonly QuietSighting[]): void {
    for (const sighting of sightings) {
      if (sighting.seenAt - sighting.publishedAt > detectionMs) {
        if (this.#late.length < keptLate) this.#late.push(sighting);
      } else {
        const second = Math.floor(sighting.publishedAt / 1000);
        this.#prompt.set(second, (this.#prompt.get(second) ?? 0) + 1);
      }
    }
  }

  /** Figures of the messages published after `from`. */
  quiet(from: number): QuietResult {
    let checked = 0;
    let excused = 0;
    for (const [second, count] of this.#prompt) {
      if (second * 1000 >= from && this.#isCalm(second * 1000)) checked += count;
      else excused += count;
    }
    const late: QuietSighting[] = [];
    for (const sighting of this.#late) {
      if (sighting.publishedAt >= from && this.#isCalm(sighting.publishedAt)) late.push(sighting);
      else excused++;
    }
    return { checked: checked + late.length, late, excused };
  }

  /** Milliseconds from a publish until it was delivered, or until its ack. */
  latency(until: 'delivery' | 'ack', share: number): number | undefined {
    return percentile(until === 'ack' ? this.#ackLatencies : this.#latencies, share);
  }

  seconds(): Second[] {
    return [...this.#seconds.values()]
      .toSorted((a, b) => a.at - b.at)
      .map(({ latencies, ...second }) => ({
        ...second,
        p50: percentile(latencies, 0.5),
        p99: percentile(latencies, 0.99),
      }));
  }

  /** Nothing was wrong from a while before it was published until it had to be noticed. */
  #isCalm(publishedAt: number): boolean {
    const until = publishedAt + detectionMs + 1000;
    return (
      this.faults.every(({ from, to }) => to + recoveryMs < publishedAt || from > until) &&
      this.#strains.every((at) => at + 2000 < publishedAt || at - 2000 > until)
    );
  }

  #second(at: number): Second & { latencies: Record<number, number> } {
    const key = Math.floor((at - this.startedAt) / 1000);
    let second = this.#seconds.get(key);
    if (!second) {
      const zero = { published: 0, acked: 0, delivered: 0, reconnects: 0, resets: 0, lagMs: 0 };
      this.#seconds.set(key, (second = { at: key, ...zero, latencies: {} }));
    }
    return second;
  }
}

function addInto<K extends string | number>(into: Record<K, number>, from: Readonly<Record<K, number>>): void {
  for (const key of Object.keys(from) as K[]) into[key] = (into[key] ?? 0) + from[key];
}
