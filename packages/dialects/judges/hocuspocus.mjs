// Runs Hocuspocus' own tests of its provider against our server: `node packages/dialects/judges/hocuspocus.mjs <checkout>`, after a
// build. The checkout is of github.com/ueberdosis/hocuspocus; nothing of it is kept. Each file runs with a small `ava`, the provider of
// version 4, and an adapter in the place of the helper that starts their server.
import { readdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import WebSocket from 'ws';

/** Tests that ask for something that we do on purpose in another way, with the reason. */
const excluded = {};

const say = (line) => process.stdout.write(`${line}\n`);
const checkout = process.argv[2];
if (checkout === undefined) throw new Error('Say where the checkout is.');
const here = path.dirname(fileURLToPath(import.meta.url));
const support = (name) => path.join(here, 'support', name);
/** As that of Node 22: an error that nobody listens for ends nothing. */
globalThis.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.on('error', () => undefined);
  }
};

/** Tells the bundler where the imports of the tests lead. */
const plugin = {
  name: 'judge',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^ava$/ }, () => ({ path: 'ava', namespace: 'judge' }));
    const contents = `export { test as default } from ${JSON.stringify(support('ava.mjs'))};`;
    onLoad({ filter: /.*/, namespace: 'judge' }, () => ({ contents, resolveDir: here }));
    onResolve({ filter: /utils\/index\.ts$/ }, () => ({ path: support('server.mjs') }));
    onResolve({ filter: /^@hocuspocus\/provider$/ }, () => ({
      path: import.meta.resolve('hocuspocus-provider-4'),
      external: true,
    }));
    onResolve({ filter: /^[@a-z]/ }, ({ path: name, kind }) =>
      kind === 'entry-point' ? undefined : { path: import.meta.resolve(name), external: true },
    );
  },
};

const folder = mkdtempSync(path.join(tmpdir(), 'longwave-judge-'));
const passed = [];
const failures = [];
try {
  const tests = path.join(checkout, 'tests/provider');
  for (const file of readdirSync(tests).filter((name) => name.endsWith('.ts'))) {
    const outfile = path.join(folder, file.replace('.ts', '.mjs'));
    const entryPoints = [path.join(tests, file)];
    await build({
      entryPoints,
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      plugins: [plugin],
      logLevel: 'error',
    });
    globalThis.judged = [];
    await import(pathToFileURL(outfile).href);
    for (const { title, run } of globalThis.judged) {
      const name = `${file}: ${title}`;
      if (name in excluded) continue;
      const error = await run();
      if (error === undefined) passed.push(name);
      else failures.push(`${name}\n    ${error}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const failure of failures) say(`failed   ${failure}`);
for (const [name, reason] of Object.entries(excluded)) say(`excluded ${name}: ${reason}`);
say(`${passed.length} passed, ${failures.length} failed, ${Object.keys(excluded).length} excluded`);
process.exit(failures.length === 0 ? 0 : 1);
