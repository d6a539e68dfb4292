import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * A process on a core of its own that takes orders over IPC.
 * @param {string} file
 * @param {number} core
 * @param {readonly string[]} [args]
 */
export async function startChild(file, core, args = []) {
  const child = fork(new URL(file, import.meta.url), args, { execArgv: ['--expose-gc'] });
  const [{ port }] = await once(child, 'message');
  execFileSync('taskset', ['-acp', String(core), String(child.pid)], { stdio: 'ignore' });
  /** @type {Map<number, (result: any) => void>} */
  const waiting = new Map();
  let ids = 0;
  child.on('message', (/** @type {any} */ { id, result }) => {
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  const exited = once(child, 'exit');
  const failed = exited.then(([code, signal]) => {
    throw new Error(`${file} ended (${code ?? signal}).`);
  });
  failed.catch(() => undefined);
  return {
    /** @type {number} */
    port,
    /** @param {string} order @param {unknown} [argument] @returns {Promise<any>} */
    tell: (order, argument) => {
      const answer = new Promise((resolve) => {
        waiting.set(++ids, resolve);
        child.send({ id: ids, order, argument });
      });
      return Promise.race([answer, failed]);
    },
    stop: async () => {
      child.kill();
      await exited;
    },
  };
}
