// `npm run pack [-- FOLDER]` makes a folder of tarballs (longwave-pack) that npm, pnpm and yarn install without a registry that has
// Longwave. `longwave` brings all that it depends on inside itself, so an application names it alone; a store's tarball is
// installed beside it, and uses the same copy of the engine.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { bundleScripts, compileAll } from './lib/build.mjs';
import { publishable } from './lib/publishable.mjs';
import { root } from './lib/root.mjs';
import { npm, run } from './lib/run.mjs';
import { bundledManifest, closureOf, partOf, separateManifest, shortName } from './pack/manifests.mjs';
import { rewriteImports } from './pack/rewrite.mjs';

const stage = `${root}.cache/pack`;
const folder = path.resolve(process.env['INIT_CWD'] ?? '.', process.argv[2] ?? `${root}longwave-pack`);

async function must(command, options) {
  const { code, output } = await run(command, options);
  if (code === 0) return output;
  console.error(output);
  process.exit(1);
}

/** Reads the JSON that npm prints. The output of its scripts may stand before it. */
function readAnswer(output) {
  return Object.values(JSON.parse(output.slice(output.search(/^[[{]/m))));
}

await must(compileAll);
await must(bundleScripts);

const packages = publishable();
const names = new Set(packages.map(({ manifest }) => manifest.name));
const bundle = closureOf(packages, 'longwave').slice(0, -1);
const bundled = new Set(bundle.map(({ manifest }) => manifest.name));
const quiet = ['--json', '--ignore-scripts', '--loglevel=error'];
const listed = await must([
  ...[...npm, 'pack', '--dry-run', ...quiet],
  ...packages.map(({ home }) => `--workspace=${home}`),
]);
const filesOf = new Map(readAnswer(listed).map(({ name, files }) => [name, files.map((file) => file.path)]));

/** `@longwave/core/x` → its module, as a path inside the tarball of `longwave`. */
function moduleOf(specifier) {
  const each = bundle.find(({ manifest: { name } }) => specifier === name || specifier.startsWith(`${name}/`));
  if (!each) return undefined;
  const { name, exports } = each.manifest;
  return path.posix.join(`packages/${shortName(name)}`, exports[`.${specifier.slice(name.length)}`].default);
}

/**
 * Copies a package's files to `target`, with its imports renamed by `rename(specifier, file)`. Sources and their maps stay behind:
 * they are two thirds of it.
 */
function stageFiles({ home, manifest }, target, prefix, rename) {
  for (const file of filesOf.get(manifest.name)) {
    if (file === 'package.json' || file.startsWith('src/') || file.endsWith('.map')) continue;
    const from = `${root}${home}/${file}`;
    const inside = prefix + file;
    mkdirSync(path.dirname(`${target}/${inside}`), { recursive: true });
    if (/^(dist|bin)\/.*\.(js|mjs|d\.ts)$/.test(file)) {
      const text = readFileSync(from, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
      const renamed = rewriteImports(file, text, (specifier) => rename(specifier, inside));
      writeFileSync(`${target}/${inside}`, renamed);
    } else copyFileSync(from, `${target}/${inside}`);
  }
}

function stagePackage(each) {
  const { manifest } = each;
  const target = `${stage}/${shortName(manifest.name)}`;
  if (manifest.name === 'longwave') {
    const inside = (specifier, file) => {
      const module = moduleOf(specifier);
      if (module === undefined) return specifier;
      const way = path.posix.relative(path.posix.dirname(file), module);
      return way.startsWith('.') ? way : `./${way}`;
    };
    stageFiles(each, target, '', inside);
    for (const part of bundle) stageFiles(part, target, `packages/${shortName(part.manifest.name)}/`, inside);
    return writeManifest(target, bundledManifest(manifest, bundle));
  }
  stageFiles(each, target, '', (specifier) => (moduleOf(specifier) === undefined ? specifier : partOf(specifier)));
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (names.has(name) && !bundled.has(name)) throw new Error(`${manifest.name} depends on ${name}, not in longwave.`);
  }
  return writeManifest(target, separateManifest(manifest, names));
}

function writeManifest(target, manifest) {
  writeFileSync(`${target}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  return target;
}

/** `npm create` works without a registry release where `create-longwave` brings the tarball of `longwave`. */
function bringAlong(file) {
  mkdirSync(`${stage}/create-longwave/tarballs`);
  copyFileSync(path.join(folder, file), `${stage}/create-longwave/tarballs/${file}`);
}

async function pack(stages) {
  const output = await must([...npm, 'pack', ...quiet, `--pack-destination=${folder}`, ...stages], { cwd: stage });
  return readAnswer(output).map(({ name, version, size }) => {
    const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
    console.log(`${file.padEnd(32)} ${(size / 1024).toFixed(0).padStart(6)} KiB`);
    return file;
  });
}

rmSync(stage, { recursive: true, force: true });
const stages = packages.map((each) => stagePackage(each));
mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder).filter((name) => name.endsWith('.tgz'))) rmSync(path.join(folder, file));
const isCreate = (target) => target.endsWith('/create-longwave');
const packed = await pack(stages.filter((target) => !isCreate(target)));
bringAlong(packed.find((file) => /^longwave-\d/.test(file)));
await pack(stages.filter(isCreate));
console.log(`${packages.length} tarballs in ${folder}`);
