import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pause } from '../cluster/pause.js';
import type { StoreService } from './store-service.js';

const diskMiB = 1024;

/** A file that all nodes have open; on a small file system of its own where that can be mounted, so that the disk can be full. */
export async function startLmdbStore(): Promise<StoreService> {
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-chaos-'));
  const isMounted = run('mount', ['-t', 'tmpfs', '-o', `size=${diskMiB}m`, 'none', folder]);
  const ballast = path.join(folder, 'ballast');
  return {
    name: 'lmdb',
    rules: { forgets: false, losesTail: false },
    maxNodes: 16,
    port: undefined,
    choice: () => ({ kind: 'lmdb', path: path.join(folder, 'store') }),
    faults: {
      ...(isMounted && {
        fillDisk: async (forMs: number) => {
          fill(ballast);
          await pause(forMs);
          rmSync(ballast);
        },
      }),
    },
    stop: async () => {
      if (isMounted) run('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Writes until nothing more goes in. */
function fill(file: string): void {
  const chunk = Buffer.alloc(1 << 20);
  const handle = openSync(file, 'w');
  try {
    for (let size = chunk.length; size >= 1;) {
      try {
        if (writeSync(handle, chunk, 0, size) < size) size >>= 1;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size >>= 1;
      }
    }
  } finally {
    closeSync(handle);
  }
}
