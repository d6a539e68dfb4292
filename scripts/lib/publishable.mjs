import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { root } from './root.mjs';

/**
 * The packages that npm would publish.
 * @returns {{ home: string, manifest: any }[]}
 */
export function publishable() {
  return readdirSync(`${root}packages`)
    .map((name) => `packages/${name}`)
    .filter((home) => existsSync(`${root}${home}/package.json`))
    .map((home) => ({ home, manifest: JSON.parse(readFileSync(`${root}${home}/package.json`, 'utf8')) }))
    .filter(({ manifest }) => manifest.private !== true);
}
