import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openStore } from '../open-store.js';
import { machineClock } from '../records/store-clock.js';
import { temporaryFolder } from '../testing/temporary-folder.js';

const retain = { count: 1e6, bytes: 1e9, ageMs: Infinity };

/** A disk of its own of this many MiB, undefined where this user may make none. */
function mountSmall(mebibytes: number): string | undefined {
  const folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

it('a full disk: appends fail and say why, nothing acknowledged is lost, and it goes on when there is room', async ({
  skip,
}) => {
  const disk = mountSmall(6);
  if (disk === undefined) return skip('This user may not mount a disk.');
  const ballast = path.join(disk, 'ballast');
  writeFileSync(ballast, Buffer.alloc(2 << 20));
  const folder = path.join(disk, 'store');
  const store = openStore({ path: folder }, machineClock);
  const acked: string[] = [];
  const learned: number[] = [];
  store.watch('a', { announce: (_, { offset }) => learned.push(offset), learn: () => undefined });
  const fill = async (): Promise<unknown> => {
    for (;;) {
      const burst = Array.from({ length: 20 }, (_, i) => `${acked.length + i} ${'x'.repeat(2000)}`);
      const outcomes = await Promise.allSettled(burst.map((payload) => store.append('a', { payload }, retain)));
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome.status === 'rejected') return outcome.reason;
        acked.push(burst[i]!);
        expect(outcome.value).toMatchObject({ offset: acked.length, duplicate: false });
      }
    }
  };
  const failure = await fill();
  expect(failure).toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/cannot write to .*store: .*The disk is full\. Make room/) as string,
  });
  const full = acked.length;
  expect(full).toBeGreaterThan(100);
  const read = (): unknown[] => store.read('a', { after: 0, limit: 1e6 }).ops.map(({ payload }) => payload);
  expect(read()).toEqual(acked);
  await expect(store.append('b', { payload: 'y'.repeat(100_000) }, retain)).rejects.toThrow(/disk is full/);

  rmSync(ballast);
  expect(await fill()).toMatchObject({ code: 'unavailable' });
  expect(acked.length).toBeGreaterThan(full + 50);
  await store.close();
  const reopened = openStore({ path: folder }, machineClock);
  onTestFinished(() => reopened.close());
  expect(reopened.read('a', { after: 0, limit: 1e6 }).ops.map(({ payload }) => payload)).toEqual(acked);
  expect(learned).toEqual(acked.map((_, i) => i + 1));
}, 60_000);

it('a full disk where a store is to be made is said, and the store made when there is room', async ({ skip }) => {
  const disk = mountSmall(1);
  if (disk === undefined) return skip('This user may not mount a disk.');
  const ballast = path.join(disk, 'ballast');
  const folder = path.join(disk, 'store');
  mkdirSync(folder);
  try {
    writeFileSync(ballast, Buffer.alloc(2 << 20));
  } catch {
    // That is the purpose.
  }
  expect(() => openStore({ path: folder }, machineClock)).toThrow(/cannot be opened at .*store: .*Make room/);
  rmSync(ballast);
  const store = openStore({ path: folder }, machineClock);
  onTestFinished(() => store.close());
  expect(await store.append('a', { payload: '1' }, retain)).toMatchObject({ offset: 1 });
});
