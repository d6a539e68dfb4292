import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { findFreePort } from '../../../apps/gallery/e2e/gallery-process.js';
import { cleanEnvironment } from './empty-folder.js';

/** Runs `npm start` of an application until the test ends. Resolves with its URL once it has printed one. */
export async function startApplication(folder: string): Promise<string> {
  const port = await findFreePort();
  const child = spawn('npm', ['start'], {
    cwd: folder,
    env: { ...cleanEnvironment(), PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group for npm, its shell and the server: one signal ends all three.
    detached: true,
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid!, 'SIGKILL');
    await exited;
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`;
      if (line.includes(`:${port}`)) resolve();
    });
    void exited.then(() => reject(new Error(`npm start ended by itself:\n${output}`)));
  });
  return `http://127.0.0.1:${port}`;
}
