// `npm test`: everything there is to run, on a machine that has only Node. All the steps run, whatever fails before them.
// `--once-more`, for CI: test files that failed run again, alone. If they pass then they are told as UNSTEADY, and fail nothing.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import process from 'node:process';
import { aptInstall, isDebianRoot } from './lib/apt.mjs';
import { bundlePages, bundleScripts, compileAll, galleryFolder } from './lib/build.mjs';
import { findChromium } from './lib/chromium.mjs';
import { countOutput, countVitest, failuresOf } from './lib/counts.mjs';
import { countWithRepeated, filesToRepeat, lastLine, mayRepeatStep, unsteadyOf } from './lib/once-more.mjs';
import { isInstalled } from './lib/installed.mjs';
import { findProgram } from './lib/programs.mjs';
import { runLanes, say } from './lib/lanes.mjs';
import { requireNode } from './lib/node-version.mjs';
import { slowestFiles, slowestTable } from './lib/timings.mjs';
import { root } from './lib/root.mjs';
import { bin, npm, run } from './lib/run.mjs';

const onceMore = process.argv.includes('--once-more');
const SEEDS = 2000;
const units = ['packages', 'scripts', 'chaos', 'bench'];

/** The lanes of a stage run beside each other: where one waits most of its time, another computes. */
const stages = [
  [
    [
      { name: 'install', work: install },
      { name: 'chromium', work: installChromium },
      { name: 'stores', work: installStores },
      { name: 'build', work: build },
      { name: 'check', work: () => command([process.execPath, 'scripts/check.mjs']) },
      { name: 'unit', work: () => vitest('unit', bin('vitest/vitest.mjs', 'run'), units) },
    ],
  ],
  [
    [
      { name: 'gallery', work: () => vitest('gallery', [...npm, 'test', '--workspace=@longwave/gallery', '--']) },
      { name: 'simulate', work: () => command([...npm, 'run', 'simulate', '--', '--seeds', String(SEEDS)]) },
    ],
    [
      { name: 'site', work: () => command([process.execPath, 'scripts/site.mjs', 'build']) },
      { name: 'deploy', work: () => repeatable('deploy', [process.execPath, 'deploy/check.mjs', 'files', 'cluster']) },
      { name: 'bun', work: () => vitest('bun', [process.execPath, 'scripts/test-bun.mjs']) },
      { name: 'runtimes', work: () => command([process.execPath, 'runtimes/run.mjs', '--only', 'bun']) },
      { name: 'examples', work: () => vitest('examples', [...npm, 'test', '--workspace=@longwave/examples', '--']) },
    ],
  ],
  [
    [
      // Clients behind a proxy choose their transport by how soon it answers: nothing may compute beside them.
      { name: 'proxies', work: () => vitest('proxies', [...npm, 'run', 'test:proxies', '--']) },
      { name: 'packed', work: () => vitest('packed', [...npm, 'run', 'test:packed', '--']) },
      { name: 'e2e', work: () => vitest('e2e', [...npm, 'run', 'test:e2e', '--workspace=@longwave/gallery', '--']) },
      { name: 'chaos', work: () => command([...npm, 'run', 'chaos', '--', '--short']) },
      { name: 'conformance', work: () => command([...npm, 'run', 'conformance']) },
    ],
  ],
];

async function runAll(commands, cwd) {
  for (const each of commands) {
    const { code, output } = await run(each, { echo: true, cwd });
    if (code !== 0) return { passed: 0, failed: 1, output };
  }
  return { passed: 1, failed: 0 };
}

async function build() {
  const compiled = await runAll([compileAll, bundleScripts]);
  const bundled = await runAll([bundlePages], galleryFolder);
  return {
    passed: compiled.passed + bundled.passed,
    failed: compiled.failed + bundled.failed,
    output: compiled.output ?? bundled.output,
  };
}

async function command(words) {
  const { code, output } = await run(words, { echo: true });
  if (code === 127) say(output);
  return { ...countOutput(output, code), output };
}

async function install() {
  if (isInstalled()) return { passed: 1, failed: 0 };
  return runAll([[...npm, 'ci', '--loglevel=error']]);
}

async function installChromium() {
  if (findChromium() !== undefined) return { passed: 1, failed: 0 };
  if (!isDebianRoot() || process.env['CHROMIUM']) {
    say('The end-to-end tests drive a real Chromium, and there is none here.');
    say('Debian: sudo apt-get install chromium. Elsewhere install Chromium or Chrome, or set CHROMIUM to its path.');
    return { passed: 0, failed: 1 };
  }
  await aptInstall(['chromium']);
  return findChromium() === undefined ? { passed: 0, failed: 1 } : { passed: 1, failed: 0 };
}

async function installStores() {
  // Debian's package of each program.
  const programs = { 'redis-server': 'redis-server', 'redis-cli': 'redis-tools', 'nats-server': 'nats-server' };
  const missing = () => Object.keys(programs).filter((name) => findProgram(name) === undefined);
  if (missing().length > 0) await aptInstall(missing().map((name) => programs[name]));
  const absent = missing();
  if (absent.length === 0) return { passed: 1, failed: 0 };
  say(`The tests of the stores start ${absent.join(', ')}, and there is none here.`);
  say('Debian: sudo apt-get install --no-install-recommends redis-server nats-server. They need not run as services.');
  return { passed: 0, failed: 1 };
}

function browser() {
  const path = findChromium();
  return path === undefined ? {} : { CHROMIUM: path };
}

/** Runs a command, and in CI once more if it failed soon. Planted bugs and conformance are never run by this. */
async function repeatable(name, words) {
  const start = process.hrtime.bigint();
  const first = await command(words);
  const seconds = secondsSince(start);
  if (first.failed === 0 || !onceMore || !mayRepeatStep({ seconds, alreadyUnsteady: unsteadyFiles() })) return first;
  say(`\n=== once more: ${name}`);
  const second = await command(words);
  if (second.failed > 0) return first;
  return { ...second, unsteady: [{ name, failure: first.output }], unsteadyFiles: 1 };
}

/** Runs `words` with `files`, all of them when there are none, and reads vitest's report. */
async function vitest(name, words, files = []) {
  const { report, ...first } = await runVitest(name, words, files);
  if (first.failed === 0 || !onceMore || report === undefined) return first;
  const repeated = filesToRepeat(report, first.output, unsteadyFiles());
  if (repeated.length === 0) return first;
  say(`\n=== once more: ${name}, ${repeated.length} of its files`);
  const second = await runVitest(name, words, [...repeated, '--no-file-parallelism']);
  if (second.failed > 0) return first;
  const unsteady = unsteadyOf(report, root);
  return { ...countWithRepeated(report, second.report), unsteady, unsteadyFiles: repeated.length };
}

async function runVitest(name, words, files) {
  const file = `${root}.cache/${name}.json`;
  rmSync(file, { force: true });
  mkdirSync(`${root}.cache`, { recursive: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { code, output } = await run([...words, ...files, ...reporters], { echo: true, env: browser() });
  if (!existsSync(file)) {
    if (code === 127) say(output);
    return { passed: 0, failed: 1, output };
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  reports.push(report);
  return { ...countVitest(report, code), output, report };
}

/** So many files of the steps before were told as unsteady. */
function unsteadyFiles() {
  return results.reduce((sum, result) => sum + (result.unsteadyFiles ?? 0), 0);
}

async function runStep({ name, work }) {
  say(`\n=== ${name}`);
  const start = process.hrtime.bigint();
  const counts = await work();
  results.push({ name, ...counts, seconds: secondsSince(start) });
}

function secondsSince(start) {
  return Number(process.hrtime.bigint() - start) / 1e9;
}

requireNode();
// Debian keeps daemons where not everybody looks.
process.env['PATH'] += ':/usr/sbin:/usr/local/sbin';
const results = [];
/** Test files of vitest, of all steps. */
const reports = [];
const startedAt = process.hrtime.bigint();
for (const lanes of stages) await runLanes(lanes, runStep);

const slowest = slowestTable(slowestFiles(reports, root));
if (slowest !== '') console.log(`\n=== the slowest test files\n${slowest}`);
const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
for (const { name, failed, output } of results) {
  if (failed > 0 && output !== undefined) console.log(`\n=== what failed: ${name}\n${failuresOf(output)}`);
}
const unsteady = results.flatMap((result) => result.unsteady ?? []);
for (const { name, failure } of unsteady) console.log(`\n=== unsteady, its first failure: ${name}\n${failure}`);
console.log('\n=== summary');
for (const { name, passed, failed, seconds } of results) {
  const verdict = failed === 0 ? 'ok    ' : 'FAILED';
  console.log(
    `${name.padEnd(12)} ${verdict} ${seconds.toFixed(1).padStart(6)} s   passed: ${passed}, failed: ${failed}`,
  );
}
console.log(`all of it    ${secondsSince(startedAt).toFixed(1).padStart(13)} s`);
for (const { name } of unsteady) console.log(`UNSTEADY ${name}`);
process.exitCode = total('failed') === 0 ? 0 : 1;
console.log(lastLine({ passed: total('passed'), failed: total('failed'), unsteady: unsteady.length }));
