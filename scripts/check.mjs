// `npm run check`: the whole static gate. `npm run check -- lint size` runs some of the steps.
import process from 'node:process';
import { bundleScripts, compileAll } from './lib/build.mjs';
import { bin, run } from './lib/run.mjs';

const script = (name, ...args) => [process.execPath, `scripts/${name}`, ...args];

/** The build comes first: the others read what it emits. `note`: a step's last line is worth showing. */
const build = { name: 'types', command: compileAll };
const bundle = { name: 'script', command: bundleScripts, note: true };
const steps = [
  { name: 'lint', command: bin('oxlint/bin/oxlint') },
  { name: 'types-tests', command: bin('typescript/bin/tsc', '-p', 'tsconfig.test.json') },
  { name: 'types-bench', command: bin('typescript/bin/tsc', '-p', 'bench') },
  { name: 'packages', command: script('check-packages.mjs'), note: true },
  { name: 'unused', command: bin('knip/bin/knip.js') },
  { name: 'docs', command: script('check-docs.mjs'), note: true },
  { name: 'examples', command: script('check-examples.mjs'), note: true },
  { name: 'english', command: script('check-english.mjs'), note: true },
  { name: 'format', command: bin('oxfmt/bin/oxfmt', '--check') },
  { name: 'layers', command: script('check-layers.mjs'), note: true },
  { name: 'rooms', command: script('check-rooms.mjs'), note: true },
  { name: 'spec', command: script('check-spec.mjs'), note: true },
  { name: 'api', command: script('api.mjs', '--check'), note: true },
  { name: 'complete', command: script('check-complete.mjs'), note: true },
  { name: 'charts', command: script('charts.mjs', '--check'), note: true },
  { name: 'size', command: script('check-size.mjs'), note: true },
];

const PARALLEL = 2;
const wanted = new Set(process.argv.slice(2));
const known = new Set([build, bundle, ...steps].map((step) => step.name));
const unknown = [...wanted].filter((name) => !known.has(name));
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(', ')}. There are: ${[...known].join(', ')}.`);
  process.exit(2);
}

let passed = 0;
let failed = 0;

async function take({ name, command, note = false }) {
  const start = process.hrtime.bigint();
  const { code, output } = await run(command);
  const seconds = (Number(process.hrtime.bigint() - start) / 1e9).toFixed(1);
  const remark = note && code === 0 ? `  ${output.trimEnd().split('\n').at(-1)}` : '';
  console.log(`${name.padEnd(12)} ${code === 0 ? 'ok    ' : 'failed'} ${seconds.padStart(5)} s${remark}`);
  if (code === 0) passed += 1;
  else {
    failed += 1;
    console.log(output.trimEnd().replaceAll(/^/gm, '    '));
  }
}

await take(build);
await take(bundle);
const queue = steps.filter((step) => wanted.size === 0 || wanted.has(step.name));
const worker = async () => {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) await take(step);
};
await Promise.all(Array.from({ length: PARALLEL }, worker));

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
