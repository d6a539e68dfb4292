import type { ResolvedRetention } from '@longwave/protocol';
import type { Store } from '@longwave/core';
import { open } from 'lmdb';
import { expect, it, onTestFinished } from 'vitest';
import { Random } from '@longwave/testkit/virtual';
import { openStore } from './open-store.js';
import { machineClock } from './records/store-clock.js';
import { replacedAtOnce } from './writer/log-changes.js';
import { StoreProcess } from './testing/store-process.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const forEver = Number.MAX_SAFE_INTEGER;
const whole: ResolvedRetention = { count: forEver, bytes: 1e9, ageMs: forEver, whole: true };
const rounds = 3;
/** In front of the first number, so that a compaction takes its time. */
const padding = ' '.repeat(200_000);

/** Records of operations in the file, which nobody has open. */
function recordsOf(path: string): number {
  const root = open({ path, readOnly: true, encoding: 'binary', keyEncoding: 'binary' });
  try {
    return root.openDB({ name: 'operations', encoding: 'binary', keyEncoding: 'binary' }).getCount();
  } finally {
    void root.close();
  }
}

/** All that the log says: numbers, each with a comma. Its reader goes on from page to page, and from the start where it was compacted. */
async function readAll(store: Store): Promise<{ readonly epoch: string; readonly top: number; readonly text: string }> {
  for (;;) {
    const { epoch, floor, top } = await store.bounds('a');
    let text = '';
    let after = floor;
    while (after < top) {
      const page = await store.read('a', { after, limit: 20 });
      if (page.floor !== floor) break;
      for (const { payload } of page.ops) text += Buffer.from(payload as Uint8Array).toString();
      after = page.ops.at(-1)!.offset;
    }
    if (after >= top) return { epoch, top: after, text };
  }
}

const numbersOf = (text: string): string[] => text.slice(padding.length).split(',').slice(0, -1);

it('DOC-1: kill -9 in the midst of compactions: all that was acknowledged is there once, as an operation or within the one that took its place', async () => {
  const path = temporaryFolder();
  const random = new Random(3);
  const survivor = await StoreProcess.start();
  onTestFinished(() => survivor.end());
  const writer = await survivor.open({ path });
  let written = 0;
  let isOver = false;
  let onWritten = (): void => {};
  const write = async (): Promise<void> => {
    while (!isOver) {
      const payload = Buffer.from(`${written === 0 ? padding : ''}${written + 1},`);
      expect(await writer.append('a', { payload }, whole)).toMatchObject({ offset: written + 1 });
      written++;
      onWritten();
    }
  };
  const untilWritten = (more: number): Promise<void> => {
    const wanted = written + more;
    return new Promise((resolve) => (onWritten = () => written >= wanted && resolve()));
  };
  const writing = write();
  let compactions = 0;
  for (let round = 1; round <= rounds; round++) {
    const victim = await StoreProcess.start();
    const store = await victim.open({ path });
    const compact = async (): Promise<boolean> => {
      const { epoch, top, text } = await readAll(store);
      return store.compact('a', { epoch, offset: top, payload: Buffer.from(text) });
    };
    for (let left = random.below(4); left >= 0; left--) {
      await untilWritten(1 + random.below(8));
      if (await compact()) compactions++;
    }
    // One after the other, until the process is gone.
    const last = (async () => {
      for (;;) await compact();
    })().catch(() => undefined);
    await untilWritten(1 + random.below(3));
    await victim.kill();
    await last;
    const { top, text } = await readAll(writer);
    expect(numbersOf(text)).toEqual(Array.from({ length: top }, (_, i) => `${i + 1}`));
  }
  isOver = true;
  await writing;
  const reopened = openStore({ path }, machineClock);
  onTestFinished(() => reopened.close());
  const { top, text } = await readAll(reopened);
  expect(top).toBe(written);
  expect(numbersOf(text)).toEqual(Array.from({ length: written }, (_, i) => `${i + 1}`));
  expect(compactions).toBeGreaterThanOrEqual(rounds);
}, 60_000);

it('a page of large operations is bounded in bytes, forwards and backwards, and holds one at least', async () => {
  const store = openStore({ path: temporaryFolder() }, machineClock);
  onTestFinished(() => store.close());
  const payload = new Uint8Array(250_000);
  await Promise.all(Array.from({ length: 40 }, () => store.append('a', { payload }, whole)));
  const { epoch } = store.bounds('a');
  await store.compact('a', { epoch, offset: 2, payload: new Uint8Array(12 << 20) });
  const offsets = (query: { after?: number; before?: number }) =>
    store.read('a', { limit: 100, ...query }).ops.map(({ offset }) => offset);
  // One that is as large as a document is a page of its own.
  expect(offsets({ after: 1 })).toEqual([2]);
  expect(offsets({ after: 2 })).toEqual(Array.from({ length: 33 }, (_, i) => 3 + i));
  expect(offsets({})).toEqual(Array.from({ length: 33 }, (_, i) => 8 + i));
  expect(offsets({ before: 3 })).toEqual([2]);
});

it('DOC-1: records that a compaction replaces are out of reach at once, with their message ids, and removed bit by bit', async () => {
  const path = temporaryFolder();
  const store = openStore({ path }, machineClock);
  const count = 2 * replacedAtOnce + 10;
  const payload = new Uint8Array(10);
  const append = (id: string) => store.append('a', { payload, id }, whole);
  await Promise.all(Array.from({ length: count }, (_, i) => append(`id-${i + 1}`)));
  const { epoch } = store.bounds('a');
  expect(await store.compact('a', { epoch, offset: count - 1, payload: new Uint8Array(20) })).toBe(true);
  expect(store.read('a', { after: 0, limit: 100 })).toMatchObject({
    floor: count - 2,
    ops: [{ offset: count - 1 }, { offset: count }],
  });
  expect(await append('id-1')).toMatchObject({ offset: count + 1, duplicate: false });
  expect(await append(`id-${count}`)).toMatchObject({ offset: count, duplicate: true });
  // Its bytes are those of what is retained: there is room again.
  const few = { ...whole, bytes: 50 };
  expect(await store.append('a', { payload }, few)).toMatchObject({ offset: count + 2 });
  await expect(store.append('a', { payload }, few)).rejects.toMatchObject({ code: 'too-large' });
  // Each of these appends was a commit, with which some of them went.
  await store.close();
  expect(recordsOf(path)).toBe(4);
  const again = openStore({ path }, machineClock);
  onTestFinished(() => again.close());
  expect(again.read('a', { after: 0, limit: 100 }).ops.map(({ offset }) => offset)).toEqual(
    [-1, 0, 1, 2].map((after) => count + after),
  );
});
