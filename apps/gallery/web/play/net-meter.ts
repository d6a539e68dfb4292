import type { NetStats } from 'longwave/rooms';

/** Figures of the connection at one moment. */
export interface NetFigures {
  readonly tick: number;
  readonly rttMs: number | undefined;
  readonly jitterMs: number;
  readonly delayMs: number;
  /** A second. */
  readonly corrections: number;
  readonly lastCorrection: number;
  readonly snapshots: number;
  readonly desyncs: number;
  readonly bytesDown: number;
  readonly bytesUp: number;
}

interface Counted {
  readonly at: number;
  readonly corrections: number;
  readonly snapshots: number;
  readonly bytesDown: number;
  readonly bytesUp: number;
}

/** Rates are those of so long. */
const windowMs = 2000;
const keptSamples = 120;

/** Bytes on the wire, with the framing around them. */
export interface Traffic {
  readonly down: number;
  readonly up: number;
}

/** Makes rates of what a room counts, and keeps the last half minute for the graph. */
export class NetMeter {
  readonly history: NetFigures[] = [];
  readonly #counted: Counted[] = [];

  note(stats: Readonly<NetStats>, traffic: Traffic, tick: number, now: number): NetFigures {
    const { corrections, snapshots } = stats;
    const last = this.#counted.at(-1);
    // The room began anew, or is another one.
    if (last && (corrections < last.corrections || snapshots < last.snapshots)) this.#counted.length = 0;
    this.#counted.push({ at: now, corrections, snapshots, bytesDown: traffic.down, bytesUp: traffic.up });
    while (this.#counted.length > 2 && now - this.#counted[1]!.at >= windowMs) this.#counted.shift();
    const first = this.#counted[0]!;
    const seconds = (now - first.at) / 1000;
    const rateOf = (count: number): number => (seconds > 0 ? count / seconds : 0);
    const { rttMs, jitterMs, delayMs, lastCorrection, desyncs } = stats;
    const figures: NetFigures = {
      ...{ tick, rttMs, jitterMs, delayMs, lastCorrection, desyncs },
      corrections: rateOf(corrections - first.corrections),
      snapshots: rateOf(snapshots - first.snapshots),
      bytesDown: rateOf(traffic.down - first.bytesDown),
      bytesUp: rateOf(traffic.up - first.bytesUp),
    };
    this.history.push(figures);
    if (this.history.length > keptSamples) this.history.shift();
    return figures;
  }
}
