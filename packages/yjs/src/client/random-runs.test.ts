import { expect, it } from 'vitest';
import { RandomRun } from '../testing/random-run.js';

/** `DOCUMENT_SEEDS=100000 DOCUMENT_FROM=5000 npx vitest run packages/yjs/src/client/random-runs.test.ts` is the full form. */
const count = Number(process.env['DOCUMENT_SEEDS'] ?? 50);
const from = Number(process.env['DOCUMENT_FROM'] ?? 0);
const minutes = 60_000;

async function findProblems(name: string, isShaken: boolean): Promise<string[]> {
  const found: string[] = [];
  for (let seed = from; seed < from + count && found.length < 5; seed++) {
    const run = new RandomRun(`${name} ${seed}`, isShaken);
    await run.run();
    for (const problem of run.problems) found.push(`seed ${seed}: ${problem} (${run.story.join(' ')})`);
  }
  return found;
}

it(
  'DOC-1: all replicas end equal, with everything that was acknowledged, and nothing twice',
  async () => {
    expect(await findProblems('documents', false)).toEqual([]);
  },
  Math.max(2, count / 20) * minutes,
);

it(
  'a log that loses updates gets them back from those who are still there',
  async () => {
    expect(await findProblems('shaken documents', true)).toEqual([]);
  },
  Math.max(2, count / 20) * minutes,
);
