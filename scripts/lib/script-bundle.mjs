import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { root } from './root.mjs';

/** Where a server finds the scripts that it serves: they are packed with it. */
const scriptFolder = 'packages/node/dist/script';

/** The client as one file: for a script element, which gets the global `longwave`, and as a module. Writes what is not there yet. */
export async function bundleScripts() {
  const { version } = JSON.parse(readFileSync(`${root}packages/longwave/package.json`, 'utf8'));
  mkdirSync(root + scriptFolder, { recursive: true });
  const sizes = [];
  for (const [file, format] of [
    ['longwave.js', 'iife'],
    ['longwave.mjs', 'esm'],
  ]) {
    const { outputFiles } = await build({
      stdin: { contents: `export * from 'longwave/client';`, resolveDir: `${root}packages/longwave` },
      bundle: true,
      minify: true,
      format,
      globalName: format === 'iife' ? 'longwave' : undefined,
      platform: 'browser',
      target: 'es2022',
      legalComments: 'none',
      banner: { js: `/* Longwave ${version}, MIT */` },
      write: false,
      logLevel: 'error',
    });
    const { contents } = outputFiles[0];
    writeFileSync(`${root}${scriptFolder}/${file}`, contents);
    sizes.push(`${file} ${(contents.length / 1024).toFixed(1)} KiB`);
  }
  return sizes;
}
