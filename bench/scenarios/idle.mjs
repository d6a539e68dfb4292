import { figure, marks, ratios } from '../harness/columns.mjs';
import { markSpan } from '../harness/faults.mjs';
import { slope } from '../harness/statistics.mjs';

const stages = [1000, 5000, 10_000];

/**
 * KiB per connection over the stages.
 * @param {any} result
 * @param {'memory' | 'memoryCollected'} when
 * @param {'rssKib' | 'pssKib'} kind
 */
const perConnection = (result, when, kind) =>
  slope(result.stages.map((/** @type {any} */ stage) => [stage.connections, stage[when][kind]]));

/** @type {import('../harness/benchmark.mjs').Benchmark} */
export const idle = {
  name: 'idle',
  title: 'Idle: memory per connection with one subscription',
  note:
    'The slope over 1,000, 5,000 and 10,000 connections, KiB each, after a warm-up of 1,000 that have gone again: as found, and ' +
    'after the server has been asked to collect garbage. Kernel buffers are not in it.',
  cells: () => [{ label: '1 to 10 k' }],
  takesPart: ({ name }) => name !== 'floor-uncoalesced',
  scenario: (_, { driver }, __, full) => ({
    mode: 'connect',
    numbers: { concurrency: 64, 'warmup-connections': 1000, 'settle-ms': full ? 1500 : 400 },
    stages,
    subscriber: { ...driver.subscriber, count: Math.max(...stages) },
  }),
  figures: (_, result) => ({
    rssKib: perConnection(result, 'memory', 'rssKib'),
    rssCollectedKib: perConnection(result, 'memoryCollected', 'rssKib'),
    pssCollectedKib: perConnection(result, 'memoryCollected', 'pssKib'),
    emptyMib: result.empty.memoryCollected.rssKib / 1024,
    ...markSpan(result.stages.at(-1)),
    generatorBound: 0,
  }),
  onceInShort: true,
  ratioOf: 'rssCollectedKib',
  columns: [
    figure('RSS KiB', 'rssKib'),
    figure('collected', 'rssCollectedKib'),
    ...ratios,
    figure('PSS collected', 'pssCollectedKib'),
    figure('empty MiB', 'emptyMib'),
    marks,
  ],
};
