import { type LaneName, laneNames } from '../../shared/compare-limits.js';
import type { Lines } from '../../shared/compare.js';
import { quantile } from './latencies.js';
import { type PerLane, perLane } from './per-lane.js';

/** The plotted figures: one point a second. */
export interface Plot {
  /** Seconds since the start. */
  readonly seconds: readonly number[];
  /** Median of what came in that second; null when nothing came. */
  readonly latencyMs: PerLane<readonly (number | null)[]>;
  /** On the wire in both directions, over the messages of the ten seconds up to then. */
  readonly bytesPerMessage: PerLane<readonly (number | null)[]>;
}

interface Second {
  readonly at: number;
  readonly latencies: Record<LaneName, number[]>;
  readonly bytes: Record<LaneName, number>;
}

const keptSeconds = 120;
const windowSeconds = 10;

export interface Timeline {
  /** Times are milliseconds since the start. */
  addLatency(name: LaneName, atMs: number, latencyMs: number): void;
  /** Adds the bytes that had passed on the lines by now. */
  addLines(lines: Lines, atMs: number): void;
  plot(nowMs: number): Plot;
}

export function createTimeline(): Timeline {
  let seconds: Second[] = [];
  let before: Lines | undefined;

  const secondOf = (atMs: number): Second => {
    const at = Math.floor(atMs / 1000);
    const last = seconds.at(-1);
    if (last && last.at >= at) return last;
    const made = { at, latencies: perLane(() => []), bytes: perLane(() => 0) };
    seconds = [...seconds.filter((second) => second.at > at - keptSeconds), made];
    return made;
  };

  return {
    addLatency: (name, atMs, latencyMs) => secondOf(atMs).latencies[name].push(latencyMs),
    addLines: (lines, atMs) => {
      const second = secondOf(atMs);
      for (const name of laneNames) {
        const { up, down } = lines[name];
        if (before) second.bytes[name] += up + down - before[name].up - before[name].down;
      }
      before = lines;
    },
    plot: (nowMs) => {
      // The second that is under way is not known yet.
      const whole = seconds.filter(({ at }) => at < Math.floor(nowMs / 1000));
      return {
        seconds: whole.map(({ at }) => at),
        latencyMs: perLane((name) => whole.map(({ latencies }) => median(latencies[name]))),
        bytesPerMessage: perLane((name) => whole.map(({ at }) => bytesPerMessage(whole, name, at))),
      };
    },
  };
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

function bytesPerMessage(seconds: readonly Second[], name: LaneName, at: number): number | null {
  let bytes = 0;
  let messages = 0;
  for (const second of seconds) {
    if (second.at > at || second.at <= at - windowSeconds) continue;
    bytes += second.bytes[name];
    messages += second.latencies[name].length;
  }
  return messages === 0 ? null : bytes / messages;
}
