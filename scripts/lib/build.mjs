import { existsSync, readdirSync, statSync } from 'node:fs';
import { listFiles } from './files.mjs';
import { root } from './root.mjs';
import { bin } from './run.mjs';

const GALLERY = 'apps/gallery';
/** What the pages are made of: their sources, and the packages that are bundled into them. */
const PAGE_SOURCES = [`${GALLERY}/web`, `${GALLERY}/shared`];
const BUNDLED = ['protocol', 'client', 'longwave'];

/** The compiler knows itself what is out of date, and needs a blink to find that nothing is. */
export const compile = bin('typescript/bin/tsc', '-b', '.', GALLERY);

/** What `npm start` does not need compiles too. */
export const compileAll = [...compile, 'examples'];

/** Bundles the pages of the gallery. */
export const bundlePages = bin(
  'vite/bin/vite.js',
  'build',
  GALLERY,
  '--config',
  `${GALLERY}/vite.config.ts`,
  '--logLevel',
  'warn',
);

/** Whether the pages are older than anything they are made of. */
export function arePagesStale() {
  const page = `${root}${GALLERY}/dist/web/index.html`;
  if (!existsSync(page)) return true;
  const built = statSync(page).mtimeMs;
  const emitted = BUNDLED.flatMap((name) => {
    const dist = `packages/${name}/dist`;
    if (!existsSync(root + dist)) return [];
    return readdirSync(root + dist, { recursive: true })
      .filter((file) => file.endsWith('.js'))
      .map((file) => `${dist}/${file}`);
  });
  const sources = [...listFiles(PAGE_SOURCES, /./), ...emitted, `${GALLERY}/vite.config.ts`, `${GALLERY}/package.json`];
  return sources.some((file) => existsSync(root + file) && statSync(root + file).mtimeMs > built);
}
