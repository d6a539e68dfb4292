import { stripVTControlCharacters } from 'node:util';

/** @typedef {{ passed: number, failed: number }} Counts */

/** How the closing lines of a runner count its tests. The first that matches a run's output is believed. */
const readers = [
  // Ours: simulator, examples, check.
  (text) => lastMatch(text, /^(?:[\w-]+: )?(\d+) passed, (\d+) failed\b.*$/gm, (m) => [m[1], m[2]]),
  // vitest: "Tests  1 failed | 12 passed (13)".
  (text) =>
    lastMatch(text, /^\s*Tests\s+(?=\d)(.*)$/gm, (m) => [
      /(\d+) passed/.exec(m[1])?.[1] ?? '0',
      /(\d+) failed/.exec(m[1])?.[1] ?? '0',
    ]),
];

function lastMatch(text, pattern, pick) {
  const match = [...text.matchAll(pattern)].at(-1);
  return match === undefined ? undefined : pick(match).map(Number);
}

/**
 * Counts what a command ran, by its closing line and its exit code. The exit code has the last word: a command that
 * fails has failed at least once, and one that succeeds without saying how much it ran counts as one.
 * @param {string} output
 * @param {number} code
 * @returns {Counts}
 */
export function countOutput(output, code) {
  const text = stripVTControlCharacters(output);
  for (const read of readers) {
    const found = read(text);
    if (found !== undefined) return settle(found[0], found[1], code);
  }
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Characters of a failed step that are shown again at the end, where who reads only the end of a long output finds them. */
const shownAgain = 6000;

/**
 * What a failed command has to say of its failures: from where vitest tells them, otherwise its last lines.
 * @param {string} output
 * @returns {string}
 */
export function failuresOf(output) {
  const text = stripVTControlCharacters(output).trimEnd();
  const told = /^.*(?:Failed Suites|Failed Tests|Unhandled Errors) \d*.*$/m.exec(text);
  if (told) return text.slice(told.index, told.index + shownAgain);
  return text.slice(-shownAgain).split('\n').slice(-40).join('\n');
}

/**
 * Counts the report of vitest's json reporter. A run without a test is a failed one.
 * @param {{ numPassedTests: number, numFailedTests: number }} report
 * @param {number} code
 * @returns {Counts}
 */
export function countVitest(report, code) {
  return settle(report.numPassedTests, report.numFailedTests, code);
}

function settle(passed, failed, code) {
  const broken = (code !== 0 && failed === 0) || passed + failed === 0;
  return { passed, failed: broken ? 1 : failed };
}
