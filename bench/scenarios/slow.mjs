import { faults, figure, marks } from '../harness/columns.mjs';
import { publishingFigures, publishTo } from './publishing.mjs';

/** Each beside the same without anybody that stalls. */
const small = { subscribers: 5000, rate: 10 };
const large = { subscribers: 10_000, rate: 2 };

/** @type {import('../harness/benchmark.mjs').Benchmark} */
export const slow = {
  name: 'slow',
  title: 'Slow consumers: a fifth of 5,000 subscribers, and half of 10,000, stop reading',
  note:
    '2,000-byte messages, 10 and 2 a second, segments of 1,460 bytes as on a real network. The stalled stop reading before the first message and read ' +
    'again after the last: then each has to get everything in order, or be told of the gap (resets, with the messages skipped). ' +
    "Growth is the server's RSS over the run; compare it and the latency of the others with the run where nobody stalls.",
  cells: (full) => [
    { label: 'nobody stalls', ...small, stalled: 0 },
    { label: '1,000 stall', ...small, stalled: 1000 },
    ...(full
      ? [
          { label: 'none of 10,000 stalls', ...large, stalled: 0 },
          { label: '5,000 of 10,000 stall', ...large, stalled: 5000 },
        ]
      : []),
  ],
  takesPart: ({ name }, full) => full || ['longwave', 'bun'].includes(name),
  scenario: ({ subscribers, rate, stalled }, peer, _, full) =>
    publishTo(peer, {
      subscribers,
      numbers: {
        rate,
        'payload-bytes': 2000,
        stalled,
        'max-segment': 1460,
        'receive-buffer': 4096,
        'warmup-ms': 1000,
        'window-ms': full ? 29_000 : 9000,
        'drain-ms': 15_000,
        'limit-s': 120,
      },
    }),
  figures({ stalled }, result) {
    const growthKib = result.memoryAfter.rssKib - result.memoryBefore.rssKib;
    return {
      ...publishingFigures(result),
      saturated: Number(result.readers.undelivered > 0),
      growthMib: growthKib / 1024,
      growthPerStalledKib: stalled ? growthKib / stalled : NaN,
      stalledVerified: result.stalled?.verified ?? NaN,
      stalledMissing: result.stalled ? result.stalled.lost + result.stalled.undelivered : NaN,
      stalledSkipped: result.stalled?.skipped ?? NaN,
      closedByServer: result.closedByServer,
    };
  },
  onceInShort: true,
  ratioOf: 'growthMib',
  columns: [
    figure('growth MiB', 'growthMib'),
    figure('KiB/stalled', 'growthPerStalledKib'),
    figure('others p50 ms', 'p50Ms'),
    figure('p99 ms', 'p99Ms'),
    figure('stalled then got', 'stalledVerified'),
    figure('told of', 'stalledSkipped'),
    figure('silently missing', 'stalledMissing'),
    figure('closed', 'closedByServer'),
    faults,
    marks,
  ],
  freshServer: true,
};
