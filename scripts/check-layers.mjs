// What lint cannot see of the layers: manifests, project references and compiler settings.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { judgePackage } from './lib/judge-package.mjs';
import { root } from './lib/root.mjs';
import { LAYERS } from './layers.mjs';

const json = (file) => JSON.parse(readFileSync(root + file, 'utf8'));
const homes = readdirSync(`${root}packages`)
  .map((name) => `packages/${name}`)
  .filter((home) => existsSync(`${root}${home}/package.json`));

const problems = homes.flatMap((home) => {
  const layer = LAYERS[home];
  if (layer === undefined) return [`${home}: not in scripts/layers.mjs`];
  const configs = readdirSync(root + home)
    .filter((name) => /^tsconfig(\.\w+)?\.json$/.test(name) && !name.includes('test'))
    .map((name) => ({ name, ...json(`${home}/${name}`) }));
  return judgePackage(home, layer, json(`${home}/package.json`), configs);
});
for (const home of Object.keys(LAYERS)) if (!homes.includes(home)) problems.push(`${home}: in scripts/layers.mjs only`);

for (const problem of problems) console.log(problem);
console.log(`${homes.length} packages`);
process.exitCode = problems.length === 0 ? 0 : 1;
