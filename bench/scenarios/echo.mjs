import { faults, figure, marks, ratios } from '../harness/columns.mjs';
import { countFaults, markSpan } from '../harness/faults.mjs';
import { spans } from './spans.mjs';

/** @type {import('../harness/benchmark.mjs').Benchmark} */
export const echo = {
  name: 'echo',
  title: 'Echo: closed loop, one message under way per connection',
  note: "CPU is the server's, µs per round trip.",
  cells: (full) =>
    (full ? [1, 64, 512] : [64]).map((connections) => ({ label: `${connections} connections`, connections })),
  takesPart: ({ name, driver }) => name !== 'floor-uncoalesced' && driver.echo !== undefined,
  scenario: ({ connections }, { driver }, _, full) => ({
    mode: 'echo',
    numbers: { ...spans(full) },
    subscriber: { .../** @type {import('../harness/peers.mjs').Speaker} */ (driver.echo), count: connections },
  }),
  figures: (_, { window, readers }) => ({
    cpuUs: (window.serverCpuMs * 1000) / window.verified,
    messagesPerS: window.verified / window.seconds,
    p50Ms: readers.latency.p50Ms,
    p99Ms: readers.latency.p99Ms,
    ...countFaults(readers),
    ...markSpan(window),
  }),
  ratioOf: 'cpuUs',
  columns: [
    figure('CPU µs', 'cpuUs'),
    ...ratios,
    figure('messages/s', 'messagesPerS'),
    figure('p50 ms', 'p50Ms'),
    figure('p99 ms', 'p99Ms'),
    faults,
    marks,
  ],
};
