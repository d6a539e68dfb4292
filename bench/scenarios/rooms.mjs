import { faults, figure, marks, ratios } from '../harness/columns.mjs';
import { publishingFigures, publishTo, warmUp } from './publishing.mjs';
import { spans } from './spans.mjs';

/** @type {import('../harness/benchmark.mjs').Benchmark} */
export const rooms = {
  name: 'rooms',
  title: 'Many small rooms: 200 rooms of 5',
  note: "Messages go to the rooms in turn. CPU is the server's, µs per verified delivery.",
  cells: (full) =>
    (full ? [2000, 8000] : [4000]).map((rate) => ({ label: `${rate.toLocaleString('en')} msg/s`, rate })),
  takesPart: ({ name }, full) => full || !['floor-uncoalesced', 'socket.io'].includes(name),
  scenario: ({ rate }, peer, _, full) =>
    publishTo(peer, {
      subscribers: 1000,
      rooms: 200,
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
    figure('per read', 'deliveriesPerRead'),
    figure('server busy', 'serverCpuShare'),
    faults,
    marks,
  ],
  harder: true,
};
