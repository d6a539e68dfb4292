// `npm run test:runtimes`: which host runs on which runtime. `-- --write` puts the table into docs/runtimes.md, `-- --only bun` takes
// those whose name begins so.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findBun } from '../scripts/lib/bun.mjs';
import { checks } from './checks.mjs';

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
});
const folder = fileURLToPath(new URL('.', import.meta.url));
const page = fileURLToPath(new URL('../docs/runtimes.md', import.meta.url));
const timeLimitMs = 60_000;

const installed = (name) => `${folder}node_modules/${name}`;
const node = (major) => ({
  name: `Node ${major}`,
  command: [installed(`node-${major}-${process.arch}/bin/node`)],
  versionOf: (text) => text.replace('v', ''),
});
const bun = { name: 'Bun', command: [findBun() ?? 'bun'], versionOf: (text) => text };
const deno = {
  name: 'Deno',
  command: [installed(`@deno/linux-${process.arch}-glibc/deno`), 'run', '--allow-all', '--node-modules-dir=manual'],
  versionOf: (text) => /deno (\S+)/.exec(text)?.[1],
};
const rows = [
  ...[20, 22, 24, 26].map((major) => ({ runtime: node(major), host: 'listen' })),
  { runtime: bun, host: 'bun' },
  { runtime: bun, host: 'listen' },
  { runtime: bun, host: 'attach' },
  { runtime: deno, host: 'listen' },
  { runtime: deno, host: 'attach' },
].filter(({ runtime }) => runtime.name.toLowerCase().startsWith(values.only.toLowerCase()));

const titles = { bun: '`longwave/bun`', listen: '`longwave`, `listen`', attach: '`longwave`, `attach`' };

function within(promise) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`It took more than ${timeLimitMs / 1000} s.`)), timeLimitMs).unref();
  });
  return Promise.race([promise, late]);
}

/** Runs a program on a runtime, its standard error on ours. */
function start({ command: [program, ...words] }, args) {
  return spawn(program, [...words, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function tryRow({ runtime, host }) {
  const version = runtime.versionOf(
    execFileSync(runtime.command[0], ['--version'], { encoding: 'utf8' }).split('\n')[0].trim(),
  );
  const server = start(runtime, [`${folder}program.mjs`, host]);
  const results = {};
  try {
    const [line] = await within(once(createInterface({ input: server.stdout }), 'line'));
    const ports = JSON.parse(line);
    const url = `http://127.0.0.1:${ports.port}/longwave`;
    const client = async () => {
      const [code] = await once(start(runtime, [`${folder}client.mjs`, url]), 'exit');
      if (code !== 0) throw new Error(`The client ended with ${code}.`);
    };
    for (const [name, check] of Object.entries({ client, ...checks })) {
      results[name] = await within(Promise.resolve(check(url, ports, server))).then(
        () => 'yes',
        (/** @type {unknown} */ error) => {
          console.error(`${runtime.name} ${version}, ${host}, ${name}: ${error.message}`);
          return 'no';
        },
      );
    }
  } catch (error) {
    console.error(`${runtime.name} ${version}, ${host}: ${error.message}`);
  } finally {
    server.kill('SIGKILL');
  }
  return { title: `${runtime.name.split(' ')[0]} ${version}`, host, results };
}

function tableOf(tried) {
  const names = ['client', ...Object.keys(checks)];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    line(['runtime', 'host', ...names]),
    line(['runtime', 'host', ...names].map(() => '---')),
    ...tried.map(({ title, host, results }) =>
      line([title, titles[host], ...names.map((name) => results[name] ?? 'no')]),
    ),
  ].join('\n');
}

if (rows.some(({ runtime }) => runtime.command[0].startsWith(folder)) && !existsSync(`${folder}node_modules`)) {
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' });
}
const tried = [];
for (const row of rows) tried.push(await tryRow(row));
const table = tableOf(tried);
console.log(table);
if (values.write) {
  const text = readFileSync(page, 'utf8');
  writeFileSync(page, text.replace(/<!-- table -->[^]*<!-- end -->/, `<!-- table -->\n\n${table}\n\n<!-- end -->`));
}
const failed = tried.flatMap(({ results }) =>
  ['client', ...Object.keys(checks)].filter((name) => results[name] !== 'yes'),
);
const passed = tried.length * (Object.keys(checks).length + 1) - failed.length;
console.log(`${passed} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
