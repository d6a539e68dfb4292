import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

export const root = path.join(import.meta.dirname, '../../');
export const cache = path.join(root, '.cache/deploy/');

/** @param {string} text */
export const say = (text) => void process.stdout.write(`${text}\n`);

/** Where a program is, in the folders for daemons too. @param {string} name */
export function findProgram(name) {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/local/sbin'];
  return folders
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Runs to the end and gives what it printed; throws with what it said. @param {readonly string[]} command */
export function take([file = '', ...args]) {
  return execFileSync(file, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => process.exit(1));

/**
 * Starts a program that ends no later than this one.
 * @param {readonly string[]} command
 * @param {Record<string, string>} [env]
 */
export function start([file = '', ...args], env = {}) {
  const child = spawn(file, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let said = '';
  let isOver = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-8000)));
  }
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    isOver = true;
    return /** @type {string} */ (code === null ? signal : String(code));
  });
  return {
    pid: /** @type {number} */ (child.pid),
    said: () => said,
    hasEnded: () => isOver,
    /** Its exit code, or the signal that ended it. */
    ended,
    /** @param {NodeJS.Signals} [signal] */
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

/**
 * Asks every 50 ms until `answer` gives something true, and gives that.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} answer
 * @param {number} [timeoutMs]
 */
export async function until(what, answer, timeoutMs = 15_000) {
  const endsAt = performance.now() + timeoutMs;
  for (;;) {
    const given = await answer();
    if (given) return given;
    if (performance.now() > endsAt) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The status of a response, 0 for none. @param {string} url */
export const statusOf = (url) =>
  fetch(url, { signal: AbortSignal.timeout(3000) }).then(
    ({ status }) => status,
    () => 0,
  );

/** @param {unknown} condition @param {string} what */
export function expect(condition, what) {
  if (!condition) throw new Error(`Not so: ${what}`);
  say(`  ${(performance.now() / 1000).toFixed(1).padStart(5)} s  ${what}`);
}
