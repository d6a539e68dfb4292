import { faults, figure, marks, ratios } from '../harness/columns.mjs';
import { publishingFigures, publishTo, warmUp } from './publishing.mjs';
import { spans } from './spans.mjs';

const burstsPerS = 50;

/** @type {import('../harness/benchmark.mjs').Benchmark} */
export const depth = {
  name: 'depth',
  title: 'Depth: messages per flush',
  note:
    `1,000 subscribers, ${burstsPerS} bursts a second, each published in one write: at the same number of flushes, and with the ` +
    'server idle in between, what does one more message in a flush cost?',
  cells: (full) => (full ? [1, 2, 5, 10, 50] : [1, 10, 50]).map((burst) => ({ label: `${burst} per burst`, burst })),
  takesPart: ({ name }, full) => full || ['longwave', 'floor', 'bun'].includes(name),
  scenario: ({ burst }, peer, _, full) =>
    publishTo(peer, {
      subscribers: 1000,
      numbers: {
        rate: burst * burstsPerS,
        burst,
        ...spans(full),
      },
    }),
  warmUp,
  figures: (_, result) => publishingFigures(result),
  ratioOf: 'cpuUs',
  columns: [
    figure('CPU µs', 'cpuUs'),
    ...ratios,
    figure('p50 ms', 'p50Ms'),
    figure('p99 ms', 'p99Ms'),
    figure('per read', 'deliveriesPerRead'),
    figure('server busy', 'serverCpuShare'),
    faults,
    marks,
  ],
  harder: true,
};
