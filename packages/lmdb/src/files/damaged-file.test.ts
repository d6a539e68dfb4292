import {
  copyFileSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../open-store.js';
import { machineClock } from '../records/store-clock.js';
import { StoreError } from './store-error.js';
import { temporaryFolder } from '../testing/temporary-folder.js';

const retain = { count: 10_000, bytes: 1e8, ageMs: Infinity };
const text = (i: number): string => JSON.stringify({ i, pad: 'x'.repeat((i * 37) % 900) });
const count = 600;

/** A store with a log of some size, a part of it in pages of their own, and some that became free. */
async function writtenStore(): Promise<string> {
  const folder = temporaryFolder();
  const store = openStore({ path: folder }, machineClock);
  for (let i = 1; i <= count; i++) {
    void store.append('log', { payload: i % 50 === 0 ? text(i) + ' '.repeat(9000) : text(i), id: `${i}` }, retain);
    void store.append('state', { key: `${i % 100}`, payload: text(i) }, { keys: 1000, bytes: 1e7, removals: 10 });
    if (i % 100 === 0) await store.append('short', { payload: text(i) }, { ...retain, count: 3 });
  }
  await store.close();
  return path.join(folder, 'data.mdb');
}

function copyOf(file: string): string {
  const folder = path.join(temporaryFolder(), 'copy');
  mkdirSync(folder);
  copyFileSync(file, path.join(folder, 'data.mdb'));
  return folder;
}

/** Whether all is there: `'whole'`, or the message of the refusal. What was stored and is no longer told is an error. */
async function state(folder: string): Promise<string> {
  try {
    const store = openStore({ path: folder }, machineClock);
    try {
      const { ops } = store.read('log', { after: 0, limit: 10_000 });
      const isWhole = ops.every(({ payload }, i) => (payload as string).trimEnd() === text(i + 1));
      expect([ops.length, isWhole]).toEqual([count, true]);
      expect(store.read('state', { limit: 1000 }).ops).toHaveLength(100);
      expect(store.bounds('short')).toMatchObject({ floor: 3, top: 6 });
    } finally {
      await store.close();
    }
    return 'whole';
  } catch (error) {
    if (error instanceof StoreError) return error.message;
    throw error;
  }
}

describe('a file that is damaged', () => {
  it('is refused when it was cut, wherever that was', async () => {
    const file = await writtenStore();
    const { size } = statSync(file);
    expect(await state(copyOf(file))).toBe('whole');
    const outcomes: string[] = [];
    for (let part = 1; part < 40; part++) {
      const folder = copyOf(file);
      truncateSync(path.join(folder, 'data.mdb'), Math.floor((size * part) / 40) + (part % 3));
      outcomes.push(await state(folder));
    }
    const refused = outcomes.filter((outcome) => outcome !== 'whole');
    expect(refused.length).toBeGreaterThan(20);
    for (const message of refused) expect(message).toMatch(/data\.mdb of the store is damaged: .* backup/);
  });

  it('is refused, or said to be damaged by who reads, where pages were overwritten', async () => {
    const file = await writtenStore();
    const pages = Math.floor(statSync(file).size / 4096);
    const refused: string[] = [];
    for (let page = 0; page < pages; page += Math.max(1, Math.floor(pages / 60))) {
      const folder = copyOf(file);
      const copy = openSync(path.join(folder, 'data.mdb'), 'r+');
      writeSync(copy, Buffer.alloc(4096, 0xa5 + page), 0, 4096, page * 4096);
      closeSync(copy);
      const outcome = await state(folder);
      if (outcome !== 'whole') refused.push(outcome);
    }
    expect(refused.length).toBeGreaterThan(10);
    for (const message of refused) expect(message).toMatch(/damaged/);
  });

  it('is no store at all', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'data.mdb'), readFileSync(import.meta.filename));
    expect(await state(folder)).toMatch(/damaged: it does not begin as one/);
  });
});
