import { faults, figure, marks } from '../harness/columns.mjs';
import { countFaults, markSpan } from '../harness/faults.mjs';

/** @type {import('../harness/benchmark.mjs').Benchmark} */
export const resume = {
  name: 'resume',
  title: 'Resume storm: everybody comes back at once and continues from an old position',
  note: "Each is to receive every message it missed, once and in order. CPU is the server's, µs per verified delivery, connecting included. Only peers that keep history take part.",
  cells: (full) =>
    [
      { label: '1,000 × 500 missed', clients: 1000, missed: 500 },
      { label: '5,000 × 100 missed', clients: 5000, missed: 100 },
    ].slice(0, full ? 2 : 1),
  takesPart: ({ driver }) => driver.prepareResume !== undefined,
  async scenario({ clients, missed }, { driver }, { port }) {
    const subscriber = await /** @type {NonNullable<typeof driver.prepareResume>} */ (driver.prepareResume)(
      port,
      missed,
    );
    return {
      mode: 'resume',
      numbers: { concurrency: 256, history: missed, 'drain-ms': 20_000 },
      ...(driver.reset && { reset: driver.reset }),
      subscriber: { ...subscriber, count: clients },
    };
  },
  figures: ({ clients }, { window, readers, complete, openMs }) => ({
    cpuUs: (window.serverCpuMs * 1000) / window.verified,
    allMs: window.seconds * 1000,
    openMs,
    deliveriesPerS: window.verified / window.seconds,
    resets: readers.resets,
    ...countFaults(readers),
    ...markSpan(window),
    saturated: Number(complete < clients),
  }),
  ratioOf: 'cpuUs',
  columns: [
    figure('CPU µs', 'cpuUs'),
    figure('all connected ms', 'openMs'),
    figure('all delivered ms', 'allMs'),
    figure('deliveries/s', 'deliveriesPerS'),
    figure('resets', 'resets'),
    faults,
    marks,
  ],
  freshServer: true,
};
