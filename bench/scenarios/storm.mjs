import { figure, marks, ratios } from '../harness/columns.mjs';
import { markSpan } from '../harness/faults.mjs';

/**
 * Of a fresh process, in which the compilers of Node and Bun meet each function for the first time, and of one that has had
 * thousands before: until then half of the cost is that of compiling.
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
