// node deploy/image/pack.mjs FOLDER: packs what a server needs, and writes a package.json that installs it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const root = path.join(import.meta.dirname, '../..');
const homes = [
  'protocol',
  'websocket',
  'core',
  'client',
  'testkit',
  'react',
  'rooms',
  'node',
  'longwave',
  'lmdb',
  'redis',
  'nats',
  'yjs',
  'dialects',
  'auth',
  'bun',
];

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

const folder = path.resolve(process.argv[2] ?? '');
if (process.argv[2] === undefined) throw new Error('Say where to: node deploy/image/pack.mjs FOLDER');
mkdirSync(folder, { recursive: true });
execFileSync(
  'npm',
  [
    ...['pack', '--ignore-scripts', '--loglevel=error', `--pack-destination=${folder}`],
    ...homes.map((home) => `--workspace=packages/${home}`),
  ],
  { cwd: root, stdio: 'inherit' },
);

/** @type {Record<string, string>} */
const dependencies = {};
/** What comes from the registry stays at the versions that were tested. @type {Record<string, string>} */
const overrides = {};
for (const home of homes) {
  const { name, version } = readJson(`packages/${home}/package.json`);
  dependencies[name] = `file:${folder}/${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}
// Peers of `longwave` that a server of documents needs.
for (const name of ['yjs', 'y-protocols'])
  dependencies[name] = readJson('package-lock.json').packages[`node_modules/${name}`].version;
const locked = Object.entries(/** @type {Record<string, any>} */ (readJson('package-lock.json').packages));
for (const [place, { version, link, dev, peer }] of locked) {
  const name = place.replace(/^node_modules\//, '');
  const isNested = name.includes('node_modules/');
  if (place.startsWith('node_modules/') && !isNested && !link && !dev && !peer) overrides[name] = version;
}
for (const name of Object.keys(dependencies)) delete overrides[name];
const manifest = { name: 'longwave-image', private: true, type: 'module', dependencies, overrides };
writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
