import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { compileGenerator } from './compile.mjs';
import { generatorCore } from './cores.mjs';
import { formatScenario } from './scenario-file.mjs';

const file = fileURLToPath(new URL(`../.cache/scenario-${process.pid}.txt`, import.meta.url));

/**
 * Carries out one scenario against a running server and returns what the generator reports.
 * @param {import('./scenario-file.mjs').Scenario} scenario
 * @param {{ port: number, pid: number }} server
 * @returns {Promise<any>}
 */
export async function generate(scenario, server) {
  const program = compileGenerator();
  writeFileSync(file, formatScenario(scenario, server));
  const child = spawn('taskset', ['-c', String(generatorCore), program, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve, reject) =>
    child.on('error', reject).on('exit', (code, signal) => resolve(code ?? signal)),
  );
  const output = await text(child.stdout);
  const code = await ended;
  if (code !== 0)
    throw new Error(`The generator failed (${code}) in mode ${scenario.mode}; its scenario is in ${file}.`);
  rmSync(file);
  return JSON.parse(output);
}
