import { stripVTControlCharacters } from 'node:util';

/**
 * The parts of vitest's json report that are read here.
 * @typedef {{ fullName: string, status: string, failureMessages?: readonly string[] | null }} TestReport
 * @typedef {{ name: string, status: string, message?: string, assertionResults: readonly TestReport[] }} FileReport
 * @typedef {{ testResults: readonly FileReport[], numPassedTests: number, numFailedTests: number }} Report
 * @typedef {{ name: string, failure: string }} Unsteady a test that failed, and passed when it was run once more
 */

/** More files than this that fail at first in one run are no bad luck: nothing is forgiven then. */
const maxUnsteadyFiles = 3;

/**
 * Files whose tests failed: absolute paths. A file that cannot be loaded has no test, and has failed.
 * @param {Report} report
 */
function failedFiles(report) {
  return report.testResults.filter((file) => file.status === 'failed').map(({ name }) => name);
}

/**
 * The files of a failed run that are worth running once more, alone; none where too many failed, or where an error came
 * that belongs to no test: no run of those files could clear it.
 * @param {Report} report
 * @param {string} output of the run
 * @param {number} alreadyUnsteady files of earlier steps
 * @returns {string[]}
 */
export function filesToRepeat(report, output, alreadyUnsteady) {
  const files = failedFiles(report);
  return alreadyUnsteady + files.length > maxUnsteadyFiles || output.includes('Unhandled Errors') ? [] : files;
}

/**
 * Whether a step that is one script may run once more.
 * @param {{ seconds: number, alreadyUnsteady: number }} step
 */
export function mayRepeatStep({ seconds, alreadyUnsteady }) {
  return seconds < 180 && alreadyUnsteady < maxUnsteadyFiles;
}

/**
 * Each test that failed, named `file > test`, with all that vitest says of it.
 * @param {Report} report
 * @param {string} root the repository's folder, which the names of files are without
 * @returns {Unsteady[]}
 */
export function unsteadyOf(report, root) {
  return report.testResults
    .filter((file) => file.status === 'failed')
    .flatMap((file) => {
      const name = file.name.startsWith(root) ? file.name.slice(root.length) : file.name;
      const failed = file.assertionResults.filter(({ status }) => status === 'failed');
      if (failed.length === 0) return [{ name, failure: plain(file.message ?? '') }];
      return failed.map(({ fullName, failureMessages }) => ({
        name: `${name} > ${fullName}`,
        failure: plain((failureMessages ?? []).join('\n')),
      }));
    });
}

/**
 * Tests that passed, when `repeated` ran the failed files of `report` again and passed.
 * @param {Report} report
 * @param {Report} repeated
 */
export function countWithRepeated(report, repeated) {
  const again = report.testResults
    .filter((file) => file.status === 'failed')
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed');
  return { passed: report.numPassedTests - again.length + repeated.numPassedTests, failed: 0 };
}

/**
 * The last line of all.
 * @param {{ passed: number, failed: number, unsteady: number }} counts
 */
export function lastLine({ passed, failed, unsteady }) {
  return `${passed} passed, ${failed} failed${unsteady > 0 ? `, ${unsteady} unsteady` : ''}`;
}

/** @param {string} text */
function plain(text) {
  return stripVTControlCharacters(text).trimEnd();
}
