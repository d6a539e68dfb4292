import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

/** The version of a peer, where it is installed. @param {string} name */
export function installedVersion(name) {
  try {
    return JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
  } catch {
    return undefined;
  }
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** What the figures depend on besides the code. */
export function describeEnvironment() {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    node: process.versions.node,
    kernel: release(),
    cpu: cpus()[0]?.model.trim(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    peers: {
      ws: installedVersion('ws'),
      'socket.io': installedVersion('socket.io'),
      bun: installedVersion('@oven/bun-linux-x64') ?? installedVersion('@oven/bun-linux-aarch64'),
    },
  };
}
