import path from 'node:path';
import { LAYERS } from '../layers.mjs';

const isOurs = (name) => name === 'longwave' || name.startsWith('@longwave/');

/**
 * What a package's manifest and tsconfigs say against its layer.
 * @param {string} home `packages/core`
 * @param {{ name: string, imports: readonly string[], host: boolean | string, pure?: readonly string[] }} layer
 * @param {{ name: string, dependencies?: object, devDependencies?: object, peerDependencies?: object }} manifest
 * @param {readonly { name: string, compilerOptions?: any, references?: readonly { path: string }[] }[]} configs
 * @returns {string[]}
 */
export function judgePackage(home, layer, manifest, configs) {
  const problems = [];
  if (manifest.name !== layer.name) problems.push(`is called ${manifest.name}, not ${layer.name}`);

  const runtime = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  for (const name of runtime.filter(isOurs)) {
    if (!layer.imports.includes(name)) problems.push(`depends on ${name}, which stands beside or below it`);
  }
  const foreign = runtime.filter((name) => !isOurs(name) && !layer.pure?.includes(name));
  if (layer.host === false && foreign.length > 0) problems.push(`is sans I/O but depends on ${foreign.join(', ')}`);
  for (const name of Object.keys(manifest.devDependencies ?? {}).filter(isOurs)) {
    if (!layer.imports.includes(name) && name !== '@longwave/testkit') problems.push(`is tested with ${name}`);
  }

  for (const { name, compilerOptions = {}, references = [] } of configs) {
    for (const reference of references) {
      const target = path.posix
        .join(home, reference.path)
        .replace(/\/tsconfig[^/]*$/, '')
        .replace(/\/$/, '');
      if (target !== home && !layer.imports.includes(LAYERS[target]?.name ?? target)) {
        problems.push(`${name} refers to ${target}, which stands beside or below it`);
      }
    }
    const types = compilerOptions.types ?? [];
    const isHost =
      layer.host === true || (typeof layer.host === 'string' && `${compilerOptions.rootDir}/`.startsWith(layer.host));
    if (!isHost && types.length > 0) problems.push(`${name} knows the types of ${types.join(', ')}: it is sans I/O`);
  }
  return problems.map((problem) => `${home}: ${problem}`);
}
