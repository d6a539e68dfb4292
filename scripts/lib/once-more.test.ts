import { describe, expect, it } from 'vitest';
import { countWithRepeated, filesToRepeat, lastLine, mayRepeatStep, unsteadyOf } from './once-more.mjs';

interface TestReport {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

const passed = (fullName: string): TestReport => ({ fullName, status: 'passed', failureMessages: [] });
const failed = (fullName: string, ...failureMessages: string[]): TestReport => ({
  fullName,
  status: 'failed',
  failureMessages,
});

/** As vitest reports files with these tests; one without any could not be loaded. */
function reportOf(files: Readonly<Record<string, readonly TestReport[]>>) {
  const tests = Object.values(files).flat();
  return {
    testResults: Object.entries(files).map(([name, assertionResults]) => ({
      ...{ name, assertionResults, message: assertionResults.length === 0 ? 'no such module' : '' },
      status:
        assertionResults.length > 0 && assertionResults.every(({ status }) => status === 'passed')
          ? 'passed'
          : 'failed',
    })),
    numPassedTests: tests.filter(({ status }) => status === 'passed').length,
    numFailedTests: tests.filter(({ status }) => status === 'failed').length,
  };
}

describe('filesToRepeat', () => {
  const report = reportOf({
    '/r/a.test.ts': [passed('1'), failed('2')],
    '/r/b.test.ts': [passed('3')],
    '/r/c.test.ts': [],
  });

  it('names the files that failed, and those that could not be loaded', () => {
    expect(filesToRepeat(report, '', 0)).toEqual(['/r/a.test.ts', '/r/c.test.ts']);
  });

  it('names three of a whole run at most: more are no bad luck', () => {
    expect(filesToRepeat(report, '', 1)).toHaveLength(2);
    expect(filesToRepeat(report, '', 2)).toEqual([]);
    const many = ['a', 'b', 'c', 'd'].map((name) => [name, [failed('x')]] as const);
    expect(filesToRepeat(reportOf(Object.fromEntries(many.slice(1))), '', 0)).toHaveLength(3);
    expect(filesToRepeat(reportOf(Object.fromEntries(many)), '', 0)).toEqual([]);
  });

  it('names none where an error belongs to no test', () => {
    expect(filesToRepeat(report, '⎯⎯⎯ Unhandled Errors ⎯⎯⎯', 0)).toEqual([]);
  });
});

it('a step that is one script is run once more if it is short, and not too much was forgiven', () => {
  expect(mayRepeatStep({ seconds: 179, alreadyUnsteady: 2 })).toBe(true);
  expect(mayRepeatStep({ seconds: 180, alreadyUnsteady: 0 })).toBe(false);
  expect(mayRepeatStep({ seconds: 1, alreadyUnsteady: 3 })).toBe(false);
});

it('each unsteady test has its file, its name and all that was said of it', () => {
  const long = 'x'.repeat(10_000);
  const report = reportOf({
    '/r/a.test.ts': [passed('1'), failed('group 2', '\u001b[31mno\u001b[39m', long), failed('3', 'why')],
    '/r/b.test.ts': [passed('4')],
    '/r/c.test.ts': [],
  });
  expect(unsteadyOf(report, '/r/')).toEqual([
    { name: 'a.test.ts > group 2', failure: `no\n${long}` },
    { name: 'a.test.ts > 3', failure: 'why' },
    { name: 'c.test.ts', failure: 'no such module' },
  ]);
});

it('tests of a repeated file count once', () => {
  const first = reportOf({
    '/r/a.test.ts': [passed('1'), failed('2')],
    '/r/b.test.ts': [passed('3')],
    '/r/c.test.ts': [],
  });
  const repeated = reportOf({ '/r/a.test.ts': [passed('1'), passed('2')], '/r/c.test.ts': [passed('4')] });
  expect(countWithRepeated(first, repeated)).toEqual({ passed: 4, failed: 0 });
});

it('the last line names unsteady tests where there are some', () => {
  expect(lastLine({ passed: 7424, failed: 0, unsteady: 0 })).toBe('7424 passed, 0 failed');
  expect(lastLine({ passed: 7423, failed: 0, unsteady: 1 })).toBe('7423 passed, 0 failed, 1 unsteady');
});
