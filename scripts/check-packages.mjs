// Packs each package as npm would and looks at the tarball: what is in it, publint, are the types wrong.
import { mkdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { problemKindInfo } from '@arethetypeswrong/core/problems';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { publishable } from './lib/publishable.mjs';
import { root } from './lib/root.mjs';
import { npm, run } from './lib/run.mjs';

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

/**
 * The packages are ES modules only: what a CommonJS importer would meet does not count. With `moduleResolution: node` types have
 * to be found all the same.
 */
function concernsModules(problem) {
  return problem.resolutionKind !== 'node16-cjs';
}

function describeProblem(problem) {
  const { title, docsUrl } = problemKindInfo[problem.kind];
  const where = [problem.entrypoint, problem.resolutionKind].filter((part) => part !== undefined).join(', ');
  return `${title}${where === '' ? '' : ` (${where})`}${docsUrl === undefined ? '' : `: ${docsUrl}`}`;
}

async function examine({ manifest }) {
  const { filename, files } = packed.get(manifest.name);
  const tarball = `${folder}/${filename.replace('@', '').replace('/', '-')}`;
  const problems = files.filter((file) => STRAY.test(file.path)).map((file) => `packs ${file.path}`);
  const required = [
    'LICENSE',
    ...(manifest.name === '@longwave/node' ? ['dist/script/longwave.js', 'dist/script/longwave.mjs'] : []),
  ];
  for (const path of required) if (!files.some((file) => file.path === path)) problems.push(`packs no ${path}`);

  const bytes = readFileSync(root + tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    strict: true,
  });
  problems.push(...messages.map((message) => formatMessage(message, pkg, { color: false })));

  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)));
  if (analysis.types === false) problems.push('ships no types');
  else problems.push(...analysis.problems.filter(concernsModules).map(describeProblem));
  return problems.map((problem) => `${manifest.name}: ${problem}`);
}

const problems = [];
for (const each of packages) problems.push(...(await examine(each)));
for (const problem of problems) console.log(problem);
console.log(`${packages.length} packages as packed`);
process.exitCode = problems.length === 0 ? 0 : 1;
