import { spawnSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { StoreError } from './store-error.js';

export const socketSuffix = '.sock';

/**
 * Namespace of the process id: a process in another container may have the same id. Empty where there is one for the
 * machine.
 */
function pidNamespace(): string {
  try {
    const inode = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0];
    return inode === undefined ? '' : Number(inode).toString(36);
  } catch {
    return '';
  }
}

/** A name for the socket of this process that says who it is; `token` tells its stores apart. */
export function socketName(token: string): string {
  return `${process.pid}-${pidNamespace()}-${token}${socketSuffix}`;
}

/**
 * LMDB tells processes apart by their ids alone: of two with the same one, the second waits for the first, and what one
 * leaves behind takes what the other reads. Throws `StoreError` when such a process of another container has the store
 * open.
 */
export function requireOwnPid(directory: string): void {
  for (const name of socketsIn(directory)) {
    const [, pid, namespace] = /^(\d+)-([^-]*)-/.exec(name) ?? [];
    if (Number(pid) !== process.pid || namespace === pidNamespace()) continue;
    if (isListening(path.join(directory, name))) throw samePid(directory);
  }
}

/** The same, as LMDB shows it where the two came at once, or cannot be told of each other. */
export function asSamePid(error: unknown, directory: string): unknown {
  return error instanceof TypeError && error.message.includes("'address'") ? samePid(directory) : error;
}

function samePid(directory: string): StoreError {
  return new StoreError(
    `The store at ${directory} is open in a process of another container that has the process id ${process.pid} too, and LMDB takes ` +
      'the two for one. Let the containers share their process ids (`docker run --pid=container:NAME`), or run all workers in one.',
  );
}

function socketsIn(directory: string): readonly string[] {
  return readdirSync(directory).filter((name) => name.endsWith(socketSuffix));
}

/** Asked by another process, as the store is opened within one call. */
function isListening(socket: string): boolean {
  const ask =
    "require('node:net').connect(process.argv[1]).on('connect', () => process.exit(7)).on('error', () => process.exit(0))";
  return spawnSync(process.execPath, ['-e', ask, socket], { timeout: 5000, stdio: 'ignore' }).status === 7;
}
