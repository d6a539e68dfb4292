import type { NewOperation } from '@longwave/core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type RedactionOutcome, expectRedacted, redactUntilKilled } from '@longwave/testkit/contracts';
import { Random } from '@longwave/testkit/virtual';
import { openStore } from './open-store.js';
import { machineClock } from './records/store-clock.js';
import { StoreProcess } from './testing/store-process.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const retain = { count: 1e6, bytes: 1e9, ageMs: Infinity };
const rounds = 12;
const inRound = 150;

let survivor: StoreProcess;
beforeAll(async () => {
  survivor = await StoreProcess.start();
});
afterAll(() => survivor.end());

it('G1, G4: kill -9 at any moment loses nothing that was acknowledged, stores nothing twice, and stops nobody else', async () => {
  const path = temporaryFolder();
  const random = new Random(7);
  const other = await survivor.open({ path });
  onTestFinished(() => other.close());
  const acked = new Map<number, string>();
  let seq = 0;
  let killedInTheMidst = 0;
  for (let round = 1; round <= rounds; round++) {
    const victim = await StoreProcess.start();
    const store = await victim.open({ path });
    const operations: NewOperation[] = Array.from({ length: inRound }, () => ({
      payload: `${++seq}`,
      producer: { id: 'p', seq },
    }));
    const killAfter = random.below(inRound * 1.3);
    const unsure: NewOperation[] = [];
    let answered = 0;
    // The second half follows when something of the first was stored: on a busy machine all of it could be one commit.
    let onFirst = (): void => {};
    const first = new Promise<void>((resolve) => (onFirst = resolve));
    const outcomes = operations.map(async (operation, i) => {
      if (i >= inRound / 2 && killAfter > 0) await first;
      try {
        const { offset } = await store.append('a', operation, retain);
        onFirst();
        acked.set(offset, operation.payload as string);
        if (++answered === killAfter) victim.child.kill('SIGKILL');
      } catch {
        unsure.push(operation);
      }
    });
    // What another process stores meanwhile is as safe.
    const theirs = Array.from({ length: 20 }, (_, i) => other.append('b', { payload: `${round}.${i}` }, retain));
    if (killAfter === 0) victim.child.kill('SIGKILL');
    await Promise.all([...outcomes, ...theirs]);
    await victim.kill();
    if (unsure.length > 0 && unsure.length < inRound) killedInTheMidst++;
    for (const operation of unsure) {
      const { offset } = await other.append('a', { ...operation, retry: true }, retain);
      acked.set(offset, operation.payload as string);
    }
  }
  const reopened = openStore({ path }, machineClock);
  onTestFinished(() => reopened.close());
  const { ops, top, floor } = reopened.read('a', { after: 0, limit: 1e6 });
  expect([floor, top, acked.size]).toEqual([0, rounds * inRound, rounds * inRound]);
  expect(ops.map(({ offset, payload }) => [offset, payload])).toEqual([...acked].toSorted(([one], [two]) => one - two));
  expect(new Set(acked.values()).size).toBe(rounds * inRound);
  expect(reopened.bounds('b')).toMatchObject({ top: rounds * 20 });
  expect(killedInTheMidst).toBeGreaterThan(0);
}, 60_000);

it('RED-1: kill -9 after a redaction was acknowledged: the data is gone, and the place of the message is there', async () => {
  const path = temporaryFolder();
  const random = new Random(11);
  const other = await survivor.open({ path });
  onTestFinished(() => other.close());
  const outcome: RedactionOutcome = { texts: new Map(), acked: new Set() };
  for (let round = 1; round <= rounds; round++) {
    const victim = await StoreProcess.start();
    const options = { channel: 'a', messages: 40, killAfter: 1 + random.below(40), kill: () => victim.kill() };
    await redactUntilKilled(await victim.open({ path }), outcome, options);
    expectRedacted((await other.read('a', { after: 0, limit: 1e6 })).ops, outcome);
  }
  const reopened = openStore({ path }, machineClock);
  onTestFinished(() => reopened.close());
  expectRedacted(reopened.read('a', { after: 0, limit: 1e6 }).ops, outcome);
  expect(outcome.acked.size).toBeGreaterThanOrEqual(rounds);
}, 60_000);
