import { figure, marks, ratios } from '../harness/columns.mjs';
import { markSpan } from '../harness/faults.mjs';

/**
 * The first connections of a process are apart from later ones: half of their cost is that of compiling the code, which the compilers of
 * Node and Bun have not met before.
 */
const cells = [
  { label: 'the first 2,000', connections: 2000, before: 0 },
  { label: '10,000 more', connections: 10_000, before: 6000 },
];

/** @type {import('../harness/benchmark.mjs').Benchmark} */
export const storm = {
  name: 'storm',
  title: 'Connection storm: connect, authenticate and subscribe',
  note: "As fast as the server answers, 128 on their way at once: the first 2,000 of a process, and 10,000 behind 6,000 that came and went. CPU is the server's, µs per connection.",
  cells: () => cells,
  takesPart: ({ name }, full) => name !== 'floor-uncoalesced' && (full || name !== 'socket.io'),
  scenario: ({ connections, before }, { driver }) => ({
    mode: 'connect',
    numbers: { concurrency: 128, 'warmup-connections': before, 'settle-ms': 300 },
    stages: [connections],
    subscriber: { ...driver.subscriber, count: connections },
  }),
  figures: (_, { stages: [stage] }) => ({
    cpuUs: (stage.serverCpuMs * 1000) / stage.opened,
    wallMs: stage.seconds * 1000,
    connectionsPerS: stage.opened / stage.seconds,
    ...markSpan(stage),
  }),
  ratioOf: 'cpuUs',
  columns: [
    figure('CPU µs', 'cpuUs'),
    ...ratios,
    figure('wall ms', 'wallMs'),
    figure('connections/s', 'connectionsPerS'),
    marks,
  ],
};
