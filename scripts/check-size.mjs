// The size of the client as a page loads it: `connect` with all transports, minified and compressed. The binary codec is
// loaded only by pages that use it: what the client takes with it is told as well.
import { gzipSync } from 'node:zlib';
import process from 'node:process';
import { build } from 'esbuild';
import { root } from './lib/root.mjs';
import { sizeBudget as BUDGET } from './lib/size-budget.mjs';

async function bundle(names) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export { ${names} } from './packages/client/dist/index.js';`, resolveDir: root },
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
  const { contents } = outputFiles[0];
  return { bytes: contents.length, gzipped: gzipSync(contents, { level: 9 }).length, metafile };
}

const kib = (size) => `${(size / 1024).toFixed(2)} KiB`;
const { bytes, gzipped, metafile } = await bundle('connect');
const withBinary = await bundle('connect, binaryCodec');

if (gzipped > BUDGET) {
  const [{ inputs }] = Object.values(metafile.outputs);
  const largest = Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
  for (const [file, { bytesInOutput }] of largest.slice(0, 20))
    console.log(`${String(bytesInOutput).padStart(7)} ${file}`);
  process.exitCode = 1;
}
console.log(`client: ${kib(bytes)} minified, ${kib(gzipped)} gzipped, budget ${kib(BUDGET)}`);
console.log(`with the binary codec: ${kib(withBinary.gzipped)} gzipped`);
