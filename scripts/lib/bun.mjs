import { existsSync } from 'node:fs';
import process from 'node:process';
import { root } from './root.mjs';

/** Bun's own names of processors. */
const processors = { arm64: 'aarch64', x64: 'x64' };

/** Returns the path of Bun, as npm has installed it or as `BUN` names it; undefined where there is none. */
export function findBun() {
  const installed = `${root}node_modules/@oven/bun-${process.platform}-${processors[process.arch]}/bin/bun`;
  return process.env['BUN'] ?? (existsSync(installed) ? installed : undefined);
}
