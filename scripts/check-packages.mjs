// Packs each package as npm would and looks at the tarball: what is in it, publint, are the types wrong.
import { mkdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { publishable } from './lib/publishable.mjs';
import { root } from './lib/root.mjs';
import { npm, run } from './lib/run.mjs';
import { judgeTarball } from './pack/judge-tarball.mjs';

const STRAY = /\.test\.|\.test-d\.|\.tsbuildinfo$|(^|\/)(testing|fixtures)\/|(^|\/)\.env/;
const folder = '.cache/packed';
mkdirSync(root + folder, { recursive: true });

const packages = publishable();
const { code, output } = await run([
  ...npm,
  'pack',
  '--json',
  '--ignore-scripts',
  '--loglevel=error',
  `--pack-destination=${folder}`,
  ...packages.map(({ home }) => `--workspace=${home}`),
]);
if (code !== 0) {
  console.log(output);
  process.exit(1);
}
const answer = JSON.parse(output.slice(output.search(/^[[{]/m)));
const packed = new Map(Object.values(answer).map((one) => [one.name, one]));

async function examine({ manifest }) {
  const { filename, files } = packed.get(manifest.name);
  const tarball = `${folder}/${filename.replace('@', '').replace('/', '-')}`;
  const problems = files
    .filter((file) => STRAY.test(file.path) && !file.path.startsWith('templates/'))
    .map((file) => `packs ${file.path}`);
  const required = [
    'LICENSE',
    ...(manifest.name === '@longwave/node' ? ['dist/script/longwave.js', 'dist/script/longwave.mjs'] : []),
  ];
  for (const path of required) if (!files.some((file) => file.path === path)) problems.push(`packs no ${path}`);

  problems.push(...(await judgeTarball(readFileSync(root + tarball), manifest)));
  return problems.map((problem) => `${manifest.name}: ${problem}`);
}

const problems = [];
for (const each of packages) problems.push(...(await examine(each)));
for (const problem of problems) console.log(problem);
console.log(`${packages.length} packages as packed`);
process.exitCode = problems.length === 0 ? 0 : 1;
