import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { serverCore } from '../harness/cores.mjs';

/** The server in a process of its own, on its own core. */
export async function startServer() {
  const child = fork(new URL('server.mjs', import.meta.url));
  const [{ port }] = await once(child, 'message');
  execFileSync('taskset', ['-acp', String(serverCore), String(child.pid)], { stdio: 'ignore' });
  /** @type {Map<number, (result: any) => void>} */
  const waiting = new Map();
  let ids = 0;
  child.on('message', (/** @type {any} */ { id, result }) => waiting.get(id)?.(result));
  return {
    /** @type {number} */
    port,
    /** @param {string} order @param {unknown} [argument] @returns {Promise<any>} */
    tell: (order, argument) =>
      new Promise((resolve) => {
        waiting.set(++ids, resolve);
        child.send({ id: ids, order, argument });
      }),
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
