import { faults, figure, marks, ratios } from '../harness/columns.mjs';
import { publishingFigures, publishTo, warmUp } from './publishing.mjs';
import { spans } from './spans.mjs';

/** @type {import('../harness/benchmark.mjs').Benchmark} */
export const fanOut = {
  name: 'fan-out',
  title: 'Fan-out: 1,000 subscribers of one channel',
  note:
    "One publisher, 78-byte messages, open loop. CPU is the server's, µs per verified delivery. A server that writes whatever " +
    'has come on every turn uses the whole core at the higher rates by design; there the latency tells more than the CPU.',
  cells: (full) =>
    (full ? [50, 150, 1000, 3000] : [150, 1000, 3000]).map((rate) => ({
      label: `${rate.toLocaleString('en')} msg/s`,
      rate,
    })),
  scenario: ({ rate }, peer, _, full) =>
    publishTo(peer, {
      subscribers: 1000,
      numbers: { rate, ...spans(full) },
    }),
  warmUp,
  figures: (_, result) => publishingFigures(result),
  ratioOf: 'cpuUs',
  columns: [
    figure('CPU µs', 'cpuUs'),
    ...ratios,
    figure('p50 ms', 'p50Ms'),
    figure('p99 ms', 'p99Ms'),
    figure('deliveries/s', 'deliveriesPerS'),
    figure('per read', 'deliveriesPerRead'),
    figure('server busy', 'serverCpuShare'),
    faults,
    marks,
  ],
  harder: true,
};
