import type { Store } from '@longwave/core';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Random } from '@longwave/testkit/virtual';
import { openStore } from './open-store.js';
import { machineClock } from './records/store-clock.js';
import { StoreProcess } from './testing/store-process.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const retain = { count: 1e6, bytes: 1e9, ageMs: Infinity };
/** Openings of the long form; the short one is for each run of the tests. */
const openings = Number(process.env['LMDB_OPENINGS'] ?? 15);

const neighbours: StoreProcess[] = [];
beforeAll(async () => {
  neighbours.push(...(await Promise.all([StoreProcess.start(), StoreProcess.start(), StoreProcess.start()])));
});
afterAll(async () => {
  for (const neighbour of neighbours) await neighbour.end();
});

/** As the LMDB of a process does that opens the file while others commit. */
function setCounterBack(folder: string, by: number): void {
  const script = `
    const fs = require('node:fs');
    const file = fs.openSync(process.argv[1], 'r+');
    const counter = Buffer.alloc(8);
    fs.readSync(file, counter, 0, 8, 8);
    counter.writeBigUInt64LE(counter.readBigUInt64LE() - BigInt(process.argv[2]));
    fs.writeSync(file, counter, 0, 8, 8);`;
  execFileSync(process.execPath, ['-e', script, path.join(folder, 'lock.mdb'), String(by)]);
}

describe('a store that another process opens while commits are made', () => {
  it.each([1, 2, 10])('loses none of them where the counter of LMDB goes back by %i', async (by) => {
    const folder = temporaryFolder();
    const store = openStore({ path: folder }, machineClock);
    onTestFinished(() => store.close());
    const other = await neighbours[0]!.open({ path: folder });
    onTestFinished(() => other.close());
    const payloads: string[] = [];
    const append = async (to: Pick<Store, 'append'>): Promise<void> => {
      payloads.push(`${payloads.length}`);
      await expect(to.append('a', { payload: payloads.at(-1)! }, retain)).resolves.toMatchObject({
        offset: payloads.length,
      });
    };
    for (let i = 0; i < 12; i++) await append(i % 2 === 0 ? store : other);
    for (const writer of [store, other]) {
      setCounterBack(folder, by);
      // A process that opens the store now finds all that was acknowledged, before anybody writes.
      const opened = await neighbours[1]!.open({ path: folder });
      expect(await opened.bounds('a')).toMatchObject({ top: payloads.length });
      await opened.close();
      setCounterBack(folder, by);
      for (let i = 0; i < 3; i++) await append(writer);
    }
    const { ops } = store.read('a', { after: 0, limit: 1e6 });
    expect(ops.map(({ payload }) => payload)).toEqual(payloads);
  });

  it('has all that was acknowledged, in its place, however often others open it', async () => {
    const folder = temporaryFolder();
    const random = new Random(1);
    let isOver = false;
    const write = async (writer: StoreProcess, channel: string): Promise<number> => {
      const store = await writer.open({ path: folder });
      onTestFinished(() => store.close());
      let written = 0;
      while (!isOver) {
        const batch = Array.from({ length: 1 + random.below(3) }, () => ++written);
        const acks = await Promise.all(batch.map(async (n) => store.append(channel, { payload: `${n}` }, retain)));
        expect(acks.map(({ offset }) => offset)).toEqual(batch);
      }
      return written;
    };
    const writing = [write(neighbours[0]!, 'a'), write(neighbours[1]!, 'b')];
    const opening = (async () => {
      for (let i = 0; i < openings; i++) {
        const store = await neighbours[2]!.open({ path: folder });
        await store.close();
      }
    })();
    await Promise.race([opening, ...writing]);
    isOver = true;
    const written = await Promise.all(writing);
    await opening;
    const store = openStore({ path: folder }, machineClock);
    onTestFinished(() => store.close());
    for (const [i, channel] of ['a', 'b'].entries()) {
      const { ops } = store.read(channel, { after: 0, limit: 1e6 });
      expect(ops.map(({ payload }) => payload)).toEqual(Array.from({ length: written[i]! }, (_, n) => `${n + 1}`));
    }
  }, 600_000);
});
