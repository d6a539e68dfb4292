import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { breakOf } from '@longwave/protocol';
import { closeDatabases, openDatabases } from './records/databases.js';
import { encodeJson } from './records/head.js';
import { storeKey } from './records/layout.js';
import { lmdb } from './index.js';
import { openStore } from './open-store.js';
import { machineClock } from './records/store-clock.js';
import { StoreError } from './files/store-error.js';
import { eventually } from './testing/eventually.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const retain = { count: 1e6, bytes: 1e9, ageMs: 60_000 };
const bounds = { keys: 100, bytes: 1e6, removals: 10 };
const day = 86_400_000;

describe('a store that is opened again', () => {
  it('goes on in its epoch, with what it retained and what it remembers of producers', async () => {
    const folder = temporaryFolder();
    let now = 1_000_000;
    const open = () => openStore({ path: folder }, { now: () => now, steady: () => now });
    const one = open();
    const producer = (seq: number) => ({ id: 'p', seq });
    const first = await one.append('a', { payload: '1', producer: producer(1), id: 'x' }, retain);
    await one.append('a', { payload: '2', producer: producer(2) }, { ...retain, count: 1 });
    await one.append('s', { key: 'x', payload: '1', at: 5 }, bounds);
    const empty = one.bounds('never');
    await one.close();
    now += 1000;
    const two = open();
    expect(two.bounds('a')).toEqual({ epoch: first.epoch, floor: 1, top: 2 });
    expect(two.bounds('never')).toEqual(empty);
    expect(await two.append('a', { payload: '1', producer: producer(1), retry: true }, retain)).toEqual({
      ...first,
      duplicate: true,
    });
    await expect(two.append('a', { payload: '1', id: 'x', retry: true }, retain)).rejects.toMatchObject({
      code: 'too-old',
    });
    const late = { payload: '4', producer: { id: 'p', seq: 4, after: 3 } };
    await expect(two.append('a', late, retain)).rejects.toMatchObject({ code: 'out-of-order' });
    expect(await two.append('s', { key: 'x', payload: '2', at: 5 }, bounds)).toMatchObject({ duplicate: true });
    expect(await two.append('a', { payload: '3', producer: producer(3) }, retain)).toMatchObject({ offset: 3 });
    await two.close();
  });

  it('MAP-4: ends no entry early, however long nobody was there or what was done to the clock, and each by its time', async () => {
    const folder = temporaryFolder();
    let now = 1_000_000;
    const open = () => openStore({ path: folder }, { now: () => now, steady: () => now });
    const keysOf = (store: ReturnType<typeof open>) => store.read('s', { limit: 10 }).ops.map(({ key }) => key);
    const pass = async (store: ReturnType<typeof open>, seconds: number): Promise<void> => {
      for (let i = 0; i < seconds; i++) {
        now += 1000;
        await store.expire();
      }
    };
    const one = open();
    await one.append('s', { key: 'long', payload: '1', ttlMs: 30_000, holder: 'n' }, bounds);
    await one.append('s', { key: 'short', payload: '1', ttlMs: 10_000, holder: 'n' }, bounds);
    await one.close();
    now += day;
    const two = open();
    await two.expire();
    expect(keysOf(two)).toEqual(['long', 'short']);
    await pass(two, 10);
    expect(keysOf(two)).toEqual(['long']);
    for (const jump of [-day, day, -1]) {
      now += jump;
      await two.expire();
      expect(keysOf(two)).toEqual(['long']);
    }
    await pass(two, 20);
    expect(keysOf(two)).toEqual([]);
    await two.close();
  });

  it('EPOCH-2: goes on in an epoch of its own where it is a copy: who was ahead of it is told, and nobody else', async () => {
    const folder = temporaryFolder();
    const open = (where: string) => openStore({ path: path.join(folder, where) }, machineClock);
    const original = open('original');
    for (const payload of ['1', '2']) await original.append('a', { payload }, retain);
    const { epoch } = await original.append('s', { key: 'x', payload: '1' }, bounds);
    await original.close();
    cpSync(path.join(folder, 'original'), path.join(folder, 'backup'), { recursive: true });
    const same = open('original');
    expect(same.bounds('a')).toEqual({ epoch, floor: 0, top: 2 });
    await same.append('a', { payload: '3 of the original' }, retain);
    await same.close();
    const restored = open('backup');
    const { epoch: later, offset } = await restored.append('a', { payload: '3 of the copy' }, retain);
    expect(offset).toBe(3);
    expect(breakOf({ epoch, offset: 3 }, { epoch: later })).toBe('truncated');
    expect(breakOf({ epoch, offset: 2 }, { epoch: later })).toBeUndefined();
    expect(breakOf({ epoch, offset: 1 }, { epoch: restored.bounds('s').epoch })).toBeUndefined();
    expect(breakOf({ epoch, offset: 0 }, { epoch: restored.bounds('never').epoch })).toBeUndefined();
    await restored.close();
    const again = open('backup');
    expect(again.bounds('a').epoch).toBe(later);
    await again.close();
  });

  it.each([1, 3])('is refused where its layout is that of another version: %i', async (schema) => {
    const folder = temporaryFolder();
    await openStore({ path: folder }, machineClock).close();
    const dbs = openDatabases(folder, 2 ** 30);
    await dbs.meta.put(storeKey, encodeJson({ schema }));
    await closeDatabases(dbs);
    expect(() => lmdb({ path: folder })).toThrow(
      `has layout ${schema}, and this version of @longwave/lmdb knows 2 only`,
    );
  });
});

describe('where no store can be', () => {
  it('is said why, with the path and what to do', () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    for (const where of [file, path.join(file, 'below')]) {
      expect(() => lmdb({ path: where })).toThrow(StoreError);
      expect(() => lmdb({ path: where })).toThrow(/cannot be opened at .*file.*needs a directory of its own/);
    }
    mkdirSync(path.join(folder, 'data.mdb'));
    expect(() => lmdb({ path: folder })).toThrow(StoreError);
    expect(() => lmdb({ path: '' })).toThrow(/path is ''; it must be the name of a directory/);
    expect(() => lmdb({ path: folder, maxLogs: 0.5 })).toThrow(
      /maxLogs is 0.5; it must be a whole number of at least 1/,
    );
  });
});

describe('one that cannot be stored', () => {
  it('fails alone, whatever was asked for in the same moment', async () => {
    const store = openStore({ path: temporaryFolder() }, machineClock);
    await store.append('log', { payload: '1' }, retain);
    const outcomes = await Promise.allSettled([
      store.append('a', { payload: '1' }, retain),
      store.append('log', { key: 'x', payload: '1' }, bounds),
      store.append('loaded', { kind: 'load', payload: 'no JSON' }, bounds),
      store.append('s', { key: 'x', payload: '1', ttlMs: Infinity }, bounds),
      store.append('a', { payload: '2' }, retain),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled', value: { offset: 1 } },
      {
        status: 'rejected',
        reason: { code: 'unavailable', message: expect.stringMatching(/log holds a log.*Give it/) as string },
      },
      {
        status: 'rejected',
        reason: { code: 'unavailable', message: expect.stringMatching(/not valid JSON/) as string },
      },
      { status: 'fulfilled', value: { offset: 1 } },
      { status: 'fulfilled', value: { offset: 2 } },
    ]);
    expect(store.bounds('a')).toMatchObject({ top: 2 });
    await store.close();
  });
});

describe('channels that nobody uses', () => {
  const forgetAfterMs = 7 * day;
  const scene = () => {
    const folder = temporaryFolder();
    const clock = { now: 1_000_000 };
    const store = openStore(
      { path: folder, maxLogs: 2, forgetAfter: forgetAfterMs },
      { now: () => clock.now, steady: () => clock.now },
    );
    /** A sweep of all there is: the first call of `expire` begins one, what is stored behind it waits for it. */
    const sweep = async (): Promise<void> => {
      for (let i = 0; i < 60; i++) await store.expire();
      await store.append('tick', { key: 'x', payload: '', kind: 'touch' }, bounds).catch(() => undefined);
    };
    return { store, clock, sweep };
  };

  it('are trimmed of what is too old, and forgotten when they were empty for long: there is room for others', async () => {
    const { store, clock, sweep } = scene();
    const first = await store.append('a', { payload: '1', id: 'x', producer: { id: 'p', seq: 1 } }, retain);
    await store.append('s', { key: 'x', payload: '1' }, bounds);
    await expect(store.append('c', { payload: '1' }, retain)).rejects.toMatchObject({ code: 'too-many' });
    clock.now += forgetAfterMs - 1;
    await sweep();
    expect(store.bounds('a')).toEqual({ epoch: first.epoch, floor: 1, top: 1 });
    clock.now += 2;
    await sweep();
    expect(store.bounds('a')).toMatchObject({ floor: 0, top: 0 });
    expect(store.read('s', { limit: 9 }).ops).toHaveLength(1);
    expect(await store.append('c', { payload: '1' }, retain)).toMatchObject({ offset: 1 });
    await store.close();
  });

  it('G3: begin in another epoch, and who watches learns of it; one that nobody had written goes on', async () => {
    const { store, clock, sweep } = scene();
    const { epoch } = await store.append('a', { payload: '1' }, retain);
    expect(store.bounds('never').epoch).toBe(epoch);
    await store.append('s', { key: 'x', payload: '1' }, bounds);
    const learned: unknown[] = [];
    store.watch('never', { announce: () => undefined, learn: (now) => learned.push(now) });
    clock.now += forgetAfterMs + 1;
    await sweep();
    const { epoch: later } = store.bounds('a');
    expect(later).not.toBe(epoch);
    // Also who stood at the start is told: all that there was may have passed them by.
    expect(breakOf({ epoch, offset: 1 }, { epoch: later })).toBe('epoch-changed');
    expect(breakOf({ epoch, offset: 0 }, { epoch: later })).toBe('epoch-changed');
    expect(await store.append('a', { payload: '2' }, retain)).toEqual({ epoch: later, offset: 1, duplicate: false });
    // What is there stays in the epoch that it began in.
    expect(store.bounds('s').epoch).toBe(epoch);
    await eventually(() => learned.length > 0);
    expect(learned[0]).toEqual({ epoch, floor: 0, top: 0 });
    await store.close();
  });

  it('keep their records of producers and message ids no longer than themselves', async () => {
    const { store, clock, sweep } = scene();
    await store.append('a', { payload: '1', id: 'x', producer: { id: 'p', seq: 3 } }, retain);
    clock.now += forgetAfterMs + 1;
    await sweep();
    const again = await store.append('a', { payload: '1', id: 'x', producer: { id: 'p', seq: 3 } }, retain);
    expect(again).toMatchObject({ offset: 1, duplicate: false });
    await store.close();
  });
});
