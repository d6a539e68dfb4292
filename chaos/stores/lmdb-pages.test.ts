import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lmdb } from '@longwave/lmdb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPages } from './lmdb-pages.js';

const whole = { count: 1e6, bytes: 1e9, ageMs: Infinity, whole: true } as const;

let made: string;
beforeAll(async () => {
  made = mkdtempSync(path.join(tmpdir(), 'longwave-pages-'));
  const store = lmdb({ path: made });
  for (let round = 0; round < 4; round++) {
    const payloads = [300, 30_000, 300].map((bytes) => new Uint8Array(bytes));
    await Promise.all(payloads.map(async (payload) => store.append('a', { payload }, whole)));
    const { epoch, top } = await store.bounds('a');
    await store.compact!('a', { epoch, offset: top, payload: new Uint8Array(20_000) });
  }
  await store.close();
}, 60_000);
afterAll(() => rmSync(made, { recursive: true }));

/** A copy of its own for a test to spoil. */
function copy(): string {
  const file = path.join(mkdtempSync(path.join(made, 'copy-')), 'data.mdb');
  copyFileSync(path.join(made, 'data.mdb'), file);
  return file;
}

/** Puts one page in place of another, wherever the list of free pages names that. */
function rename(file: string, from: bigint, to: bigint): void {
  const bytes = readFileSync(file);
  for (let at = 8; at < bytes.length; at += 8) {
    // After a length, or in a list of single pages.
    if (bytes.readBigInt64LE(at) === from && bytes.readBigInt64LE(at - 8) < 5000n) bytes.writeBigInt64LE(to, at);
  }
  writeFileSync(file, bytes);
}

it('finds nothing wrong with a store, and all its pages', () => {
  const { used, free, problems } = readPages(copy());
  expect(problems).toEqual([]);
  expect([...used.values()]).toEqual(expect.arrayContaining(['main', 'free pages', 'journal\0']));
  expect(free.size).toBeGreaterThan(5);
});

it('finds a page that is free and in a tree', () => {
  const file = copy();
  const { used, free } = readPages(file);
  const [leaf] = [...used].find(([, tree]) => tree.startsWith('operations'))!;
  rename(file, [...free.keys()].at(-1)!, leaf);
  expect(readPages(file).problems).toContainEqual(
    expect.stringMatching(/^page \d+ of operations.* is free since commit/),
  );
});

it('finds a page that is free twice', () => {
  const file = copy();
  const free = [...readPages(file).free.keys()];
  rename(file, free.at(-1)!, free[0]!);
  expect(readPages(file).problems).toContainEqual(expect.stringMatching(/^page \d+ is free since commit \d+ and \d+$/));
});
