// The size of the client as a page loads it, minified and compressed: `connect` with all it has, and what `connect` of the lazy entry
// loads at first, to read logs over a WebSocket. What else the client takes with it is told as well.
import { gzipSync } from 'node:zlib';
import process from 'node:process';
import { build } from 'esbuild';
import { root } from './lib/root.mjs';
import { budgets } from './lib/size-budget.mjs';

/** Sizes of the files that are loaded at first, and of all; and the modules of the first, with their minified bytes. */
async function bundle(names, entry = 'index', more = '') {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export { ${names} } from './packages/client/dist/${entry}.js';${more}`, resolveDir: root },
    bundle: true,
    splitting: true,
    outdir: 'out',
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
  const { outputs } = metafile;
  const first = new Set();
  const add = (file) => {
    if (first.has(file)) return;
    first.add(file);
    for (const { path, kind } of outputs[file].imports) if (kind === 'import-statement') add(path);
  };
  add(Object.keys(outputs).find((file) => outputs[file].entryPoint === '<stdin>'));
  const sizeOf = (files) => files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
  const modules = [...first].flatMap((file) => Object.entries(outputs[file].inputs));
  return {
    first: sizeOf(outputFiles.filter(({ path }) => first.has(path.slice(root.length).replaceAll('\\', '/')))),
    all: sizeOf(outputFiles),
    modules: modules.toSorted(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput),
  };
}

const kib = (size) => `${(size / 1024).toFixed(2)} KiB`;
const [whole, lazy, binary, rooms] = [
  await bundle('connect'),
  await bundle('connect', 'lazy'),
  await bundle('connect, binaryCodec'),
  await bundle('connect', 'index', "export * from './packages/rooms/dist/index.js';"),
];
/** For a page that has a contract with a room as well, which takes the descriptions of fields. */
const roomsAlone = { ...rooms, first: rooms.first - whole.first };

/** @param {string} name @param {{ first: number, modules: [string, { bytesInOutput: number }][] }} bundled @param {number} budget */
function judge(name, { first, modules }, budget) {
  if (first > budget) {
    for (const [file, { bytesInOutput }] of modules.slice(0, 20))
      console.log(`${String(bytesInOutput).padStart(7)} ${file}`);
    process.exitCode = 1;
  }
  console.log(`${name}: ${kib(first)} gzipped, budget ${kib(budget)}`);
}

judge('client', whole, budgets.all);
judge('client/lazy at first', lazy, budgets.first);
judge('rooms, on top of the client', roomsAlone, budgets.rooms);
console.log(`client/lazy with all that it loads later: ${kib(lazy.all)}`);
console.log(`client ${kib(whole.first)}, lazy ${kib(lazy.first)} at first, with the binary codec ${kib(binary.first)}`);
