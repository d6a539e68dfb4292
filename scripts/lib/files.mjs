import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './root.mjs';

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.cache', 'coverage', 'fixtures']);

/**
 * Files below some folders whose path matches, as paths from the root with `/`, sorted.
 * @param {readonly string[]} folders
 * @param {RegExp} pattern
 */
export function listFiles(folders, pattern) {
  const found = [];
  const visit = (folder) => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const file = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) visit(file);
      } else if (pattern.test(file)) found.push(file);
    }
  };
  for (const folder of folders) if (existsSync(path.join(root, folder))) visit(folder);
  return found.sort((a, b) => (a < b ? -1 : 1));
}
