import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serverCore } from '../harness/cores.mjs';
import { cpuNs } from '../harness/cpu.mjs';

/** Hocuspocus needs Node 22, so all servers run on it: that of npm, for the one that runs this may be older. */
const node22 = ['x64', 'arm64']
  .map((arch) => fileURLToPath(new URL(`../node_modules/node-linux-${arch}/bin/node`, import.meta.url)))
  .find((path) => existsSync(path));

/** A folder for a profile of each server: what is measured is another thing then. */
const profiles = process.env['LONGWAVE_BENCH_CPU_PROF'];
const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];

/** Throws where it is not there, and this is an older one. */
export function requireNode22() {
  if (!node22 && Number(process.versions.node.split('.')[0]) < 22)
    throw new Error('Hocuspocus needs Node 22, and npm has none for this machine: run this benchmark with Node 22.');
}

/** @param {string} server */
function fileOf(server) {
  const folder = process.env['LONGWAVE_BENCH_BASE'];
  if (server === 'base' && folder !== undefined) return `${folder}/bench/docs/servers/longwave.mjs`;
  return fileURLToPath(new URL(`servers/${server}.mjs`, import.meta.url));
}

/** @param {number} pid @param {string} field */
function memoryKb(pid, field) {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(text)?.[1]);
}

/** @typedef {Awaited<ReturnType<typeof startServer>>} ServerProcess */

/**
 * Starts a server on the documents of a folder, in a process of its own. `cores` as taskset takes them, by default the one for
 * servers.
 * @param {string} server @param {string} folder @param {string} [cores]
 */
export async function startServer(server, folder, cores = String(serverCore)) {
  const file = fileOf(server);
  const command = [node22 ?? process.execPath, '--expose-gc', '--disable-warning=ExperimentalWarning', ...profiling];
  const child = spawn('taskset', ['-c', cores, ...command, file, folder], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  /** @type {Map<number, { resolve: (result: any) => void, reject: (error: unknown) => void }>} */
  const waiting = new Map();
  /** @type {Promise<number>} */
  const listening = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('message', (/** @type {any} */ { port, id, result, error }) => {
      if (port !== undefined) return resolve(port);
      if (error === undefined) waiting.get(id)?.resolve(result);
      else waiting.get(id)?.reject(new Error(`${server}: ${error}`));
      waiting.delete(id);
    });
    void exited.then(([code]) => {
      const ended = new Error(`The server of ${server} ended with ${code}.`);
      reject(ended);
      for (const { reject: refuse } of waiting.values()) refuse(ended);
    });
  });
  let ids = 0;
  const port = await listening;
  const pid = /** @type {number} */ (child.pid);
  /** @param {string} order @param {unknown} [argument] @returns {Promise<any>} */
  const tell = (order, argument) =>
    new Promise((resolve, reject) => {
      waiting.set(++ids, { resolve, reject });
      child.send({ id: ids, order, argument });
    });
  return {
    port,
    tell,
    cpuMs: () => cpuNs(pid) / 1e6,
    rssKb: () => memoryKb(pid, 'VmRSS'),
    /** The part of it that is pages of files: of a mapped store, and of libraries. */
    fileKb: () => memoryKb(pid, 'RssFile'),
    /** It is idle when its start is over: nothing of it is to be counted for what follows. */
    async untilIdle() {
      // A machine that is not alone, or a profile, leaves it no rest: not for ever.
      for (let i = 0, last = cpuNs(pid), quiet = 0; quiet < 3 && i < 30; i++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        const now = cpuNs(pid);
        quiet = now - last < 2e6 ? quiet + 1 : 0;
        last = now;
      }
    },
    /** The documents are on the disk then. */
    async close() {
      await tell('close');
      child.kill();
      await exited;
    },
    async end() {
      if (profiles === undefined) child.kill('SIGKILL');
      // It writes its profile.
      else child.disconnect();
      await exited;
    },
  };
}
