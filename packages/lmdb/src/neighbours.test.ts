import type { Operation } from '@longwave/protocol';
import type { Bounds } from '@longwave/core';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from './open-store.js';
import { machineClock } from './records/store-clock.js';
import { eventually } from './testing/eventually.js';
import { type ChildStore, StoreProcess } from './testing/store-process.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const retain = { count: 1e6, bytes: 1e9, ageMs: Infinity };
const bounds = { keys: 100, bytes: 1e6, removals: 10 };

/** What a watcher was told of a channel. */
class Told {
  readonly ops: Operation[] = [];
  readonly learned: Bounds[] = [];
  readonly watcher = {
    announce: (_: string, op: Operation) => void this.ops.push(op),
    learn: (learned: Bounds) => void this.learned.push(learned),
  };
}

const neighbours: StoreProcess[] = [];
beforeAll(async () => {
  neighbours.push(...(await Promise.all([StoreProcess.start(), StoreProcess.start()])));
});
afterAll(async () => {
  for (const neighbour of neighbours) await neighbour.end();
});

function open(folder: string) {
  const store = openStore({ path: folder }, machineClock);
  onTestFinished(() => store.close());
  return store;
}

async function openBeside(folder: string, index = 0): Promise<ChildStore> {
  const store = await neighbours[index]!.open({ path: folder });
  onTestFinished(() => store.close());
  return store;
}

describe('processes that share a store', () => {
  it('are told what each of them stores, each operation once and in order, while all write at once', async () => {
    const folder = temporaryFolder();
    const stores = [open(folder), await openBeside(folder), await openBeside(folder, 1)];
    const each = 200;
    const told = await Promise.all(
      stores.map(async (store) => {
        const [log, state, signal] = [new Told(), new Told(), new Told()];
        await store.watch('log', log.watcher);
        await store.watch('state', state.watcher);
        await store.watch('signal', signal.watcher);
        return { log, state, signal };
      }),
    );
    const writes = stores.flatMap((store, s) =>
      Array.from({ length: each }, async (_, i) => {
        const payload = `"${s}.${i}"`;
        // Some wait for a commit, so that there are many.
        if (i % 40 === 0) await store.bounds('log');
        await Promise.all([
          store.append('log', { payload }, retain),
          store.append('signal', { payload }, { ...retain, count: 0 }),
          store.append('state', { key: `${i % 3}`, payload, delta: payload }, bounds),
        ]);
      }),
    );
    await Promise.all(writes);
    const total = each * stores.length;
    const content = (ops: readonly Operation[]) => ops.map(({ offset, payload, delta }) => [offset, payload, delta]);
    const { ops: logged } = await stores[0]!.read('log', { after: 0, limit: total });
    for (const { log, state, signal } of told) {
      for (const seen of [log, state, signal]) {
        await eventually(() => seen.ops.length >= total);
        expect(seen.ops.map(({ offset }) => offset)).toEqual(Array.from({ length: total }, (_, i) => i + 1));
        expect(seen.learned).toEqual([]);
      }
      expect(content(log.ops)).toEqual(content(logged));
      // What is retained by nobody, and what was overwritten, is told all the same.
      expect(content(signal.ops)).toEqual(content(told[0]!.signal.ops));
      expect(content(state.ops)).toEqual(content(told[0]!.state.ops));
      for (const { payload, delta } of state.ops) expect(delta).toBe(payload);
    }
  }, 60_000);

  it('PUB-2: take turns with one channel and one producer: each knows all that the other stored', async () => {
    const folder = temporaryFolder();
    const stores = [open(folder), await openBeside(folder)];
    let seq = 0;
    const publish = (store: number, again = false) => {
      if (!again) seq++;
      return stores[store]!.append('turns', { payload: 'x', producer: { id: 'p', seq, after: seq - 1 } }, retain);
    };
    // Some of them one after another in one process, which reads nothing anew then.
    for (const store of [0, 0, 1, 0, 1, 1, 0, 0, 0, 1]) {
      expect(await publish(store)).toMatchObject({ offset: seq, duplicate: false });
      expect(await publish(1 - store, true)).toMatchObject({ offset: seq, duplicate: true });
      expect(await publish(store, true)).toMatchObject({ offset: seq, duplicate: true });
    }
    expect(await stores[1]!.bounds('turns')).toMatchObject({ floor: 0, top: seq });
    // A channel that the other process makes has another number.
    await stores[1]!.append('new', { payload: 'n' }, retain);
    await stores[0]!.append('newer', { payload: 'n' }, retain);
    expect(await stores[0]!.read('new', { limit: 10 })).toMatchObject({ top: 1, ops: [{ payload: 'n' }] });
    expect(await stores[1]!.read('newer', { limit: 10 })).toMatchObject({ top: 1, ops: [{ payload: 'n' }] });
    expect(await publish(0)).toMatchObject({ offset: seq, duplicate: false });
  });

  it('are told when no nudge reaches them', async () => {
    // A directory whose sockets would have paths that are too long: nobody listens there.
    const folder = path.join(temporaryFolder(), 'x'.repeat(100));
    const store = open(folder);
    const other = await openBeside(folder);
    const told = new Told();
    store.watch('a', told.watcher);
    await other.append('a', { payload: '1' }, retain);
    await eventually(() => told.ops.length === 1);
    expect(readdirSync(folder).filter((name) => name.endsWith('.sock'))).toEqual([]);
  });

  it('remove the socket of one that was killed, and no other', async () => {
    const folder = temporaryFolder();
    open(folder);
    const victim = await StoreProcess.start();
    await victim.open({ path: folder });
    const socketsOf = (pid: number): readonly string[] =>
      readdirSync(folder).filter((name) => name.startsWith(`${pid}-`) && name.endsWith('.sock'));
    expect(socketsOf(victim.child.pid!)).toHaveLength(1);
    await victim.kill();
    expect(socketsOf(victim.child.pid!)).toHaveLength(1);
    // Whoever comes next finds that nobody listens there.
    await openBeside(folder);
    await eventually(() => socketsOf(victim.child.pid!).length === 0);
    expect(socketsOf(process.pid)).toHaveLength(1);
    expect(socketsOf(neighbours[0]!.child.pid!)).toHaveLength(1);
  });

  it('learn where a channel stands when they stood still for longer than the journal goes back', async () => {
    const folder = temporaryFolder();
    const frozen = await StoreProcess.start();
    onTestFinished(() => frozen.kill());
    const sleeper = await frozen.open({ path: folder });
    const told = new Told();
    await sleeper.watch('a', told.watcher);
    frozen.child.kill('SIGSTOP');
    let now = Date.now();
    const store = openStore({ path: folder }, { now: () => now, steady: () => now });
    onTestFinished(() => store.close());
    for (let i = 1; i <= 5; i++) {
      await store.append('a', { payload: `${i}` }, retain);
      now += 11_000;
    }
    frozen.child.kill('SIGCONT');
    await eventually(() => told.learned.length > 0);
    expect(told.learned.at(-1)).toEqual(store.bounds('a'));
    expect(told.ops).toEqual([]);
    await store.append('a', { payload: '6' }, retain);
    await eventually(() => told.ops.length === 1);
    expect(told.ops[0]).toMatchObject({ offset: 6 });
  });
});
