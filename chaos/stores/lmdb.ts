import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pause } from '../cluster/pause.js';
import type { StoreService } from './store-service.js';

const diskMiB = 1024;

/** A file that all nodes have open; on a small file system of its own where that can be mounted, so that the disk can be full. */
export async function startLmdbStore(): Promise<StoreService> {
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-chaos-'));
  const isMounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${diskMiB}m`, 'none', folder]);
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
          await fill(folder, ballast);
          await pause(forMs);
          rmSync(ballast);
        },
      }),
    },
    stop: async () => {
      if (isMounted) await run('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function run(command: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, { stdio: 'ignore' });
  child.on('error', () => undefined);
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0;
}

/** Takes what is free at a stroke, and then writes until nothing more goes in: in other processes, for the balancer is in this one. */
async function fill(folder: string, file: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  await run('fallocate', ['-l', String(Math.max(1, bavail - 16) * bsize), file]);
  await run('dd', ['if=/dev/zero', `of=${file}`, 'bs=512', 'oflag=append', 'conv=notrunc']);
}
