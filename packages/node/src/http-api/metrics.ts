import type { Engine, Stats } from '@longwave/core';
import { AggregatorRegistry, Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';

type Kind = 'counter' | 'gauge';

const metrics: { readonly [Name in keyof Stats]: readonly [kind: Kind, name: string, help: string] } = {
  connections: ['gauge', 'longwave_connections', 'Open connections.'],
  accepted: ['counter', 'longwave_connections_accepted_total', 'Connections accepted.'],
  subscriptions: ['gauge', 'longwave_subscriptions', 'Subscriptions of open connections.'],
  channels: ['gauge', 'longwave_channels_watched', 'Channels that this node watches.'],
  framesReceived: ['counter', 'longwave_frames_received_total', 'Frames received from clients.'],
  published: ['counter', 'longwave_messages_published_total', 'Messages stored.'],
  duplicates: ['counter', 'longwave_messages_duplicate_total', 'Repeated publishes that were not stored again.'],
  delivered: ['counter', 'longwave_messages_delivered_total', 'Messages times the subscribers they were written to.'],
  resets: ['counter', 'longwave_resets_total', 'Subscriptions whose continuity could not be proven.'],
  errors: ['counter', 'longwave_errors_total', 'Requests that failed inside the server.'],
};

/** The figures of one process, as plain data that can be sent to another. */
export type MetricsSnapshot = readonly object[];

export interface Metrics {
  readonly contentType: string;
  snapshot(): Promise<MetricsSnapshot>;
  /**
   * Formats the figures of several processes as those of one: counters are added, and figures that cannot be added,
   * such as a start time, are joined as prom-client does.
   */
  format(all: readonly MetricsSnapshot[]): Promise<string>;
}

/**
 * The engine's figures and the process's, in the text format of Prometheus. No label: nothing a peer sends names a
 * series.
 */
export function createMetrics(engine: Engine): Metrics {
  const registry = new Registry();
  // Watches the event loop and the garbage collector from now on.
  collectDefaultMetrics({ register: registry });
  for (const [key, [kind, name, help]] of Object.entries(metrics) as [keyof Stats, (typeof metrics)[keyof Stats]][]) {
    const registers = [registry];
    if (kind === 'gauge') {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(engine.stats[key]);
        },
      });
    } else {
      new Counter({
        name,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(engine.stats[key]);
        },
      });
    }
  }
  new Gauge({
    name: 'longwave_accepting',
    help: '1 while the node takes connections, 0 while it drains.',
    registers: [registry],
    collect() {
      this.set(engine.accepting ? 1 : 0);
    },
  });
  return {
    contentType: registry.contentType,
    snapshot: () => registry.getMetricsAsJSON(),
    format: (all) => AggregatorRegistry.aggregate(all.map((each) => [...each])).metrics(),
  };
}
