// The size of the client as a page loads it: `connect` and all it needs, minified and compressed.
import { gzipSync } from 'node:zlib';
import process from 'node:process';
import { build } from 'esbuild';
import { root } from './lib/root.mjs';

const BUDGET = 14 * 1024;

const { outputFiles, metafile } = await build({
  stdin: { contents: `export { connect } from './packages/client/dist/index.js';`, resolveDir: root },
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  legalComments: 'none',
  write: false,
  metafile: true,
  absWorkingDir: root,
  logLevel: 'error',
});
const [bundle] = outputFiles;
const bytes = gzipSync(bundle.contents, { level: 9 }).length;
const kib = (size) => `${(size / 1024).toFixed(2)} KiB`;

if (bytes > BUDGET) {
  const [{ inputs }] = Object.values(metafile.outputs);
  const largest = Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
  for (const [file, { bytesInOutput }] of largest.slice(0, 20))
    console.log(`${String(bytesInOutput).padStart(7)} ${file}`);
  process.exitCode = 1;
}
console.log(`client: ${kib(bundle.contents.length)} minified, ${kib(bytes)} gzipped, budget ${kib(BUDGET)}`);
