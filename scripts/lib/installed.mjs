import { existsSync, readFileSync } from 'node:fs';
import { root } from './root.mjs';

/**
 * Whether node_modules holds what the lockfile asks for. npm writes down what it installed in
 * node_modules/.package-lock.json; file times would tell less, as `npm install` touches both.
 */
export function isInstalled() {
  const hidden = `${root}node_modules/.package-lock.json`;
  if (!existsSync(hidden)) return false;
  const read = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  return isSatisfied(read(`${root}package-lock.json`), read(hidden));
}

/**
 * @param {Record<string, any>} wanted `packages` of package-lock.json
 * @param {Record<string, any>} present `packages` of node_modules/.package-lock.json
 */
export function isSatisfied(wanted, present) {
  const isModule = (path) => path.startsWith('node_modules/') || path.includes('/node_modules/');
  const stale = Object.keys(present).some((path) => isModule(path) && !Object.hasOwn(wanted, path));
  if (stale) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!isModule(path)) return true;
    const found = present[path];
    // Binaries for other platforms are optional and absent.
    if (found === undefined) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && found.integrity === entry.integrity && found.link === entry.link;
  });
}
