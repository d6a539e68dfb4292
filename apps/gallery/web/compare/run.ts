import { type LaneName, laneNames } from '../../shared/compare-limits.js';
import type { LabAddress, LineTotals, Lines } from '../../shared/compare.js';
import type { Cable } from '../faults/cable.js';
import type { Lane, LaneOptions, LaneStatus } from './lane.js';
import { type LatencySummary, createLatencies } from './latencies.js';
import { openLongwaveLane } from './longwave-lane.js';
import { type PerLane, perLane } from './per-lane.js';
import { openPollingLane } from './polling-lane.js';
import { type SequenceCounts, createSequence } from './sequence.js';
import { type Tally, createTally } from './tally.js';
import { type Plot, createTimeline } from './timeline.js';

/** Figures of one lane. */
export interface LaneFigures extends SequenceCounts {
  readonly status: LaneStatus;
  /** Latency of the latest messages. */
  readonly latency: LatencySummary | undefined;
  /** Undefined before the server's first report. */
  readonly cost: Cost | undefined;
  readonly opening: Opening | undefined;
}

/** Counts of page and server when the server last reported: figures of one moment, which add up. */
export interface Cost {
  readonly received: number;
  readonly tally: Readonly<Tally>;
  readonly line: LineTotals;
}

/** Cost until the first message was there. */
interface Opening {
  readonly ms: number;
  /** Counted when all lanes stood; undefined until then. */
  readonly line: LineTotals | undefined;
}

export interface RunOptions {
  readonly address: LabAddress;
  readonly urlOf: (port: number) => string;
  /** The page's network. */
  readonly cable: Cable;
  /** The server's time now, as well as it is known. */
  readonly serverNow: () => number;
  readonly pollMs: () => number;
  /** Every lane has its first message. */
  readonly onStanding: () => void;
}

/** Four lanes on one feed, from their opening on, and what is measured of them. */
export interface Run {
  figures(): PerLane<LaneFigures>;
  plot(): Plot;
  addLines(lines: Lines): void;
  /** Bytes that the lines had carried when the feed began. */
  begun(lines: Lines): void;
  intervalChanged(): void;
  close(): void;
}

interface Measured {
  status: LaneStatus;
  opening: Opening | undefined;
  cost: Cost | undefined;
}

const summarized = 1000;

export function createRun({ address, urlOf, cable, serverNow, pollMs, onStanding }: RunOptions): Run {
  const startedAt = performance.now();
  const elapsed = (): number => performance.now() - startedAt;
  const timeline = createTimeline();
  let standing = 0;

  const openLane = (name: LaneName) => {
    const tally = createTally();
    const sequence = createSequence();
    const latencies = createLatencies(summarized);
    const measured: Measured = { status: 'connecting', opening: undefined, cost: undefined };
    const options: LaneOptions = {
      url: urlOf(address.ports[name]),
      tally,
      cable,
      pollMs,
      onStatus: (status) => (measured.status = status),
      onMessage: ({ seq, sentAt }) => {
        // The clocks are known to within half a round trip: nothing arrives before it was sent.
        const latencyMs = Math.max(0, serverNow() - sentAt);
        sequence.note(seq);
        if (measured.opening) {
          latencies.add(latencyMs);
          timeline.addLatency(name, elapsed(), latencyMs);
          return;
        }
        // The first was there before the lane was: it is no measure of how quick the lane is.
        measured.opening = { ms: elapsed(), line: undefined };
        if (++standing === laneNames.length) onStanding();
      },
    };
    const lane: Lane = name === 'polling' ? openPollingLane(options) : openLongwaveLane(name, options);
    return { lane, tally, sequence, latencies, measured };
  };
  const lanes = perLane(openLane);

  return {
    figures: () =>
      perLane((name) => {
        const { sequence, latencies, measured } = lanes[name];
        return { ...sequence.counts, ...measured, latency: latencies.summary() };
      }),
    plot: () => timeline.plot(elapsed()),
    addLines: (lines) => {
      for (const name of laneNames) {
        const { tally, sequence, measured } = lanes[name];
        measured.cost = { received: sequence.counts.received, tally: { ...tally }, line: lines[name] };
      }
      timeline.addLines(lines, elapsed());
    },
    begun: (lines) => {
      for (const name of laneNames) {
        const { measured } = lanes[name];
        if (measured.opening) measured.opening = { ...measured.opening, line: lines[name] };
      }
      timeline.addLines(lines, elapsed());
    },
    intervalChanged: () => lanes.polling.lane.intervalChanged(),
    close: () => {
      for (const { lane } of Object.values(lanes)) lane.close();
    },
  };
}
