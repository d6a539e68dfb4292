import { figure, marks, ratios } from '../harness/columns.mjs';
import { markSpan } from '../harness/faults.mjs';

const connections = 10_000;

/** @type {import('../harness/benchmark.mjs').Benchmark} */
export const storm = {
  name: 'storm',
  title: 'Connection storm: 10,000 connect, authenticate and subscribe',
  note: "As fast as the server answers, 128 on their way at once, after a warm-up of 1,000. CPU is the server's, µs per connection.",
  cells: () => [{ label: '10,000' }],
  takesPart: ({ name }, full) => name !== 'floor-uncoalesced' && (full || name !== 'socket.io'),
  scenario: (_, { driver }) => ({
    mode: 'connect',
    numbers: { concurrency: 128, 'warmup-connections': 1000, 'settle-ms': 300 },
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
