import path from 'node:path';

/**
 * The parts of vitest's json report that are read here. Times are milliseconds.
 * @typedef {{ testResults: readonly { name: string, startTime: number, endTime: number }[] }} TimedReport
 * @typedef {{ file: string, seconds: number }} FileTime
 */

/**
 * The files whose tests took longest, the slowest first. A file that ran twice counts twice.
 * @param {readonly TimedReport[]} reports
 * @param {string} root the repository's folder; names of files are relative to it
 * @param {number} [count]
 * @returns {FileTime[]}
 */
export function slowestFiles(reports, root, count = 10) {
  return reports
    .flatMap(({ testResults }) => testResults)
    .map(({ name, startTime, endTime }) => ({ file: path.relative(root, name), seconds: (endTime - startTime) / 1000 }))
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, count);
}

/**
 * @param {readonly FileTime[]} files
 * @returns {string} a line for each
 */
export function slowestTable(files) {
  return files.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(6)} s  ${file}`).join('\n');
}
