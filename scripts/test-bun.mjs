// `npm run test:bun`: tests in Bun, of the host for Bun: its own, and those of the host for Node that fit. Words go to vitest.
import process from 'node:process';
import { findBun } from './lib/bun.mjs';
import { run } from './lib/run.mjs';

const bun = findBun();
if (bun === undefined) {
  console.error('There is no Bun for this platform among the packages of npm: set BUN to its path.');
  process.exit(1);
}
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--root', '.', '--config', 'vitest.bun.config.ts'];
const { code } = await run([bun, '--bun', ...vitest, ...process.argv.slice(2)], { echo: true });
process.exitCode = code;
