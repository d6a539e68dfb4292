import { describe, expect, it } from 'vitest';
import { countOutput, countVitest, failuresOf } from './counts.mjs';

describe('countOutput', () => {
  it.each([
    ['noise\n12 passed, 0 failed\n', 0, { passed: 12, failed: 0 }],
    ['simulate: 1998 passed, 2 failed, 3 skipped\n', 1, { passed: 1998, failed: 2 }],
    ['1 passed, 0 failed\nlater\n7 passed, 1 failed', 1, { passed: 7, failed: 1 }],
    [' Test Files  1 failed | 2 passed (3)\n      Tests  1 failed | 12 passed (13)\n', 1, { passed: 12, failed: 1 }],
    ['\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[32m4 passed\u001b[39m (4)\n', 0, { passed: 4, failed: 0 }],
  ])('reads %j', (output, code, counts) => {
    expect(countOutput(output, code)).toEqual(counts);
  });

  it('believes the exit code before the figures', () => {
    expect(countOutput('12 passed, 0 failed', 1)).toEqual({ passed: 12, failed: 1 });
    expect(countOutput('', 1)).toEqual({ passed: 0, failed: 1 });
    expect(countOutput('done', 0)).toEqual({ passed: 1, failed: 0 });
  });

  it('takes a run without a test for a failed one', () => {
    expect(countOutput('0 passed, 0 failed', 0)).toEqual({ passed: 0, failed: 1 });
    expect(countVitest({ numPassedTests: 0, numFailedTests: 0 }, 0)).toEqual({ passed: 0, failed: 1 });
  });
});

describe('failuresOf', () => {
  it('begins where vitest tells what failed', () => {
    const output =
      ' ✓ a.test.ts\n\u001b[31m⎯⎯⎯ Failed Tests 1 ⎯⎯⎯\u001b[39m\n\n FAIL  b.test.ts > b\nError: no\n\n Tests  1 failed\n';
    expect(failuresOf(output)).toBe('⎯⎯⎯ Failed Tests 1 ⎯⎯⎯\n\n FAIL  b.test.ts > b\nError: no\n\n Tests  1 failed');
  });

  it('is the end of any other output', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`);
    expect(failuresOf(`${lines.join('\n')}\n`)).toBe(lines.slice(60).join('\n'));
  });
});
