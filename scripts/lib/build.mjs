import { existsSync, readdirSync, statSync } from 'node:fs';
import process from 'node:process';
import { listFiles } from './files.mjs';
import { root } from './root.mjs';
import { bin } from './run.mjs';

const GALLERY = 'apps/gallery';
/** Sources of the pages, of the code that they show, and the packages that are bundled into them. */
const PAGE_SOURCES = ['web', 'shared', 'server', 'teach'].map((folder) => `${GALLERY}/${folder}`);
const BUNDLED = ['protocol', 'client', 'longwave'];

/** The server of the gallery and the packages below it. The compiler knows what is out of date, and needs a blink for it. */
export const compile = bin('typescript/bin/tsc', '-b', `${GALLERY}/tsconfig.server.json`);

/** Everything that compiles, tests of the gallery and examples too. */
export const compileAll = bin('typescript/bin/tsc', '-b', '.', GALLERY, 'examples', 'chaos');

/** Bundles the client as the scripts that servers serve, of what was compiled. */
export const bundleScripts = [process.execPath, `${root}scripts/build-script.mjs`];

/** Bundles the pages of the gallery. Vite reads its folders from where it runs. */
export const bundlePages = bin('vite/bin/vite.js', 'build', '--logLevel', 'warn');
export const galleryFolder = `${root}${GALLERY}`;

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
