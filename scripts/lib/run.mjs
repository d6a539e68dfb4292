import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';
import { outputOfStep } from './lanes.mjs';
import { root } from './root.mjs';

const npmCli = process.env['npm_execpath'];

/** npm of this very run, without a shell in between. */
export const npm = npmCli?.endsWith('.js') ? [process.execPath, npmCli] : ['npm'];

/** The script of a package as installed, run by this Node: no `npx`, no look-up. */
export function bin(path, ...args) {
  return [process.execPath, `${root}node_modules/${path}`, ...args];
}

/**
 * Runs a command to its end and never rejects.
 * @param {readonly string[]} command
 * @param {{ echo?: boolean, env?: NodeJS.ProcessEnv, cwd?: string, timeoutMs?: number }} [options]
 *   echo: pass its output on while it runs, to where the step of `runLanes` writes, or to stdout
 * @returns {Promise<{ code: number, output: string }>} code as a shell gives it: 128 + n for a signal, 127 when it cannot start
 */
export function run(command, { echo = false, env, cwd = root, timeoutMs } = {}) {
  const [file, ...args] = command;
  const write = outputOfStep();
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    const collect = (chunk) => {
      output += chunk;
      if (echo) write(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', (error) => resolve({ code: 127, output: `${output}${file}: ${error.message}\n` }));
    child.on('close', (code, signal) => {
      if (signal !== null) output += `ended by ${signal}\n`;
      resolve({ code: code ?? 128 + constants.signals[signal], output });
    });
  });
}
