import { expect, it } from 'vitest';
import { slowestFiles, slowestTable } from './timings.mjs';

const took = (name: string, ms: number) => ({ name, startTime: 1000, endTime: 1000 + ms });

it('names the slowest files of all reports, the slowest first', () => {
  const reports = [
    { testResults: [took('/r/a.test.ts', 20), took('/r/b/b.test.ts', 61_040)] },
    { testResults: [took('/r/c.test.ts', 3000)] },
  ];
  expect(slowestFiles(reports, '/r/', 2)).toEqual([
    { file: 'b/b.test.ts', seconds: 61.04 },
    { file: 'c.test.ts', seconds: 3 },
  ]);
  expect(slowestTable(slowestFiles(reports, '/r/', 2))).toBe('  61.0 s  b/b.test.ts\n   3.0 s  c.test.ts');
});

it('has nothing to tell of a run without files', () => {
  expect(slowestTable(slowestFiles([], '/r/'))).toBe('');
});
