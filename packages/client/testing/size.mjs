// Prints the size of the whole client as an application gets it: both codecs, minified, gzipped.
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('../', import.meta.url));
const { outputFiles } = await build({
  stdin: { contents: `export { connect } from './dist/index.js';`, resolveDir: folder },
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2023',
  write: false,
  logLevel: 'error',
});
const [{ contents }] = outputFiles;
const gzipBytes = gzipSync(contents, { level: 9 }).length;
process.stdout.write(`${JSON.stringify({ minifiedBytes: contents.length, gzipBytes })}\n`);
