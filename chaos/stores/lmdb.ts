import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { pause } from '../cluster/pause.js';
import { sharedNow } from '../processes/messages.js';
import { readPages } from './lmdb-pages.js';
import type { StoreService } from './store-service.js';

const diskMiB = 1024;
/** An ack of what was on the disk before is with its publisher by then. */
const underwayMs = 1000;

/** A file that all nodes have open; on a small file system of its own where that can be mounted, so that the disk can be full. */
export async function startLmdbStore(): Promise<StoreService> {
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-chaos-'));
  const isMounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${diskMiB}m`, 'none', folder]);
  const store = path.join(folder, 'store');
  const ballast = path.join(folder, 'ballast');
  return {
    name: 'lmdb',
    rules: { forgets: false, losesTail: false },
    levels: ['disk'],
    maxNodes: 16,
    port: undefined,
    choice: () => ({ kind: 'lmdb', path: store }),
    findDamage: () => {
      const data = path.join(store, 'data.mdb');
      return existsSync(data) ? readPages(data).problems : [];
    },
    faults: {
      acts: {
        // The nodes acknowledge nothing more, and have to be started anew.
        'remove-folder': async ({ durationMs, restartNodes }) => {
          rmSync(store, { recursive: true, force: true });
          const from = sharedNow() + underwayMs;
          await pause(durationMs);
          const to = sharedNow();
          await restartNodes(() => undefined);
          return { silence: { from, to } };
        },
        'restore-backup': async ({ durationMs, restartNodes }) => {
          const backup = path.join(folder, 'backup');
          await restartNodes(() => copyFiles(store, backup));
          await pause(durationMs);
          await restartNodes(async () => {
            rmSync(store, { recursive: true, force: true });
            await copyFiles(backup, store);
            rmSync(backup, { recursive: true });
          });
        },
        'same-pid': ({ durationMs }) => openTwiceWithOnePid(store, durationMs),
      },
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

/** As a backup does it: sockets of processes that were killed are no files. */
function copyFiles(from: string, to: string): Promise<void> {
  return cp(from, to, { recursive: true, filter: (file) => !file.endsWith('.sock') });
}

/** Two processes with the id 1, as in two containers: the second has to be refused at once, and to leave everybody else alone. */
async function openTwiceWithOnePid(store: string, forMs: number): Promise<void> {
  const script = fileURLToPath(new URL('../processes/intruder.js', import.meta.url));
  const start = () => {
    const command = ['-p', '-f', '--kill-child', process.execPath, script, store];
    const child = spawn('unshare', command, { stdio: ['ignore', 'pipe', 'ignore'] });
    return { child, said: once(child.stdout, 'data').then(([data]) => String(data).trim()) };
  };
  const first = start();
  try {
    const opened = await within(first.said);
    // It may come while the disk is full.
    if (opened !== 'opened') return;
    const next = start();
    try {
      const refused = await within(next.said);
      if (!refused.includes('another container')) throw new Error(`the second process with one id said: ${refused}`);
      await pause(forMs);
    } finally {
      next.child.kill('SIGKILL');
    }
  } finally {
    first.child.kill('SIGKILL');
  }
}

function within(said: Promise<string>): Promise<string> {
  return Promise.race([said, pause(20_000).then(() => 'nothing within 20 s')]);
}
