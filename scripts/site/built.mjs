import { existsSync, statSync } from 'node:fs';
import { listFiles } from '../lib/files.mjs';
import { root } from '../lib/root.mjs';

/** Where the built site is, and where the gallery serves it from. */
export const builtSite = 'apps/gallery/dist/docs';

/** Whether the site is older than anything it is made of. */
export function isSiteStale() {
  const page = `${root}${builtSite}/index.html`;
  if (!existsSync(page)) return true;
  const built = statSync(page).mtimeMs;
  const sources = [
    ...listFiles(['docs', 'scripts/site'], /./),
    ...listFiles(
      ['packages', 'apps', 'examples', 'bench', 'chaos', 'conformance', 'proxies'],
      /\/README\.md$|\/api\.md$/,
    ),
    ...['SPEC.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'package-lock.json'],
  ];
  return sources.some((file) => existsSync(root + file) && statSync(root + file).mtimeMs > built);
}
