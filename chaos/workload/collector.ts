import type { Durability } from '@longwave/protocol';
import { ChannelBook } from '../checker/channel-book.js';
import { Violations } from '../checker/violations.js';
import { watchLag } from '../processes/lag.js';
import { type ClientsReport, type Interval, type QuietSighting, sharedNow } from '../processes/messages.js';
import { classOf } from './latency.js';
import type { Layout } from './layout.js';

const intervalMs = 500;

function emptyInterval(): Interval {
  const at = sharedNow();
  return {
    ...{ at, until: at, published: 0, acked: 0, delivered: 0, reconnects: 0, lagMs: 0, inflight: 0 },
    ...{ rejected: {}, resets: {}, diagnostics: {}, latencies: {}, ackLatencies: {} },
  };
}

/** Counts what happens in the clients of this process, keeps what is known of each log, and tells the parent twice a second. */
export class Collector {
  readonly layout: Layout;
  readonly violations = new Violations(sharedNow);
  readonly books: ReadonlyMap<string, ChannelBook>;
  interval = emptyInterval();
  /** Publishes and puts that are not answered. */
  inflight = 0;
  /** Deliveries to all subscriptions, for a planted bug. */
  deliveries = 0;
  readonly #levels: readonly Durability[];
  readonly #report: (report: ClientsReport) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #stopLag: () => void;
  #sightings: QuietSighting[] = [];

  constructor(layout: Layout, levels: readonly Durability[], report: (report: ClientsReport) => void) {
    this.layout = layout;
    this.#levels = levels;
    this.#report = report;
    this.books = new Map(layout.logs.map((channel) => [channel, new ChannelBook(channel, this.violations)]));
    this.#timer = setInterval(() => this.flush(), intervalMs);
    this.#stopLag = watchLag((lagMs) => (this.interval.lagMs = Math.max(this.interval.lagMs, lagMs)));
  }

  book(channel: string): ChannelBook {
    return this.books.get(channel)!;
  }

  /** An ack claimed that its message is this safe. */
  checkLevel(claimed: Durability, channel: string): void {
    if (this.#levels.includes(claimed)) return;
    this.violations.report(
      'wrong-durability',
      channel,
      `an ack says '${claimed}': the store is ${this.#levels.join(' or ')}`,
    );
  }

  count(of: 'rejected' | 'resets' | 'diagnostics', what: string): void {
    const counts = this.interval[of];
    counts[what] = (counts[what] ?? 0) + 1;
  }

  latency(of: 'latencies' | 'ackLatencies', ms: number): void {
    const counts = this.interval[of];
    const latencyClass = classOf(ms);
    counts[latencyClass] = (counts[latencyClass] ?? 0) + 1;
  }

  sighted(sighting: QuietSighting): void {
    this.#sightings.push(sighting);
  }

  flush(): void {
    const { interval } = this;
    interval.inflight = this.inflight;
    interval.until = sharedNow();
    this.interval = emptyInterval();
    const { counts, kept } = this.violations;
    this.#report({ type: 'interval', interval, violations: { counts: new Map(counts), kept } });
    if (this.#sightings.length > 0) this.#report({ type: 'quiet', sightings: this.#sightings });
    this.#sightings = [];
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#stopLag();
    this.flush();
  }
}
