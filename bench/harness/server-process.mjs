import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { serverCore } from './cores.mjs';

/** A folder for a CPU profile of each Node peer, which then is another thing to measure. */
const profiles = process.env['LONGWAVE_BENCH_CPU_PROF'];

/** @param {string[]} command */
function profiled(command) {
  if (profiles === undefined || command[0] !== process.execPath) return command;
  return [process.execPath, '--cpu-prof', `--cpu-prof-dir=${profiles}`, ...command.slice(1)];
}

/**
 * Starts a peer alone on its core and resolves when it listens.
 * @param {string[]} command
 */
export async function startServer(command) {
  const child = spawn('taskset', ['-c', String(serverCore), ...profiled(command)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  const port = await new Promise((resolve, reject) => {
    child.on('error', reject);
    void exited.then((code) => reject(new Error(`${command.join(' ')} ended with ${code} before it listened.`)));
    createInterface(child.stdout).on('line', (line) => {
      const match = /^listening (\d+)$/.exec(line);
      if (match) resolve(Number(match[1]));
    });
  });
  return {
    port: /** @type {number} */ (port),
    // taskset replaces itself by the command, so this is the server's own id.
    pid: /** @type {number} */ (child.pid),
    async stop() {
      child.kill(profiles === undefined ? 'SIGKILL' : 'SIGINT');
      await exited;
    },
  };
}
