import { faults, figure, marks, ratios } from '../harness/columns.mjs';
import { publishingFigures, publishTo } from './publishing.mjs';

/** @type {import('../harness/benchmark.mjs').Benchmark} */
export const rooms = {
  name: 'rooms',
  title: 'Many small rooms: 200 rooms of 5',
  note: "Messages go to the rooms in turn. CPU is the server's, µs per verified delivery.",
  cells: (full) =>
    (full ? [2000, 8000] : [4000]).map((rate) => ({ label: `${rate.toLocaleString('en')} msg/s`, rate })),
  takesPart: ({ name }, full) => full || name !== 'floor-uncoalesced',
  scenario: ({ rate }, peer, _, full) =>
    publishTo(peer, {
      subscribers: 1000,
      rooms: 200,
      numbers: { rate, 'warmup-ms': full ? 1500 : 500, 'window-ms': full ? 4000 : 1200, 'drain-ms': 3000 },
    }),
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
