import type { Operation, Payload, ResolvedRetention } from '@longwave/protocol';
import type { NewOperation, Store } from '@longwave/core';
import { describe, expect, it } from 'vitest';
import { expiryContract } from './expiry-contract.js';
import { forgettingContract } from './forgetting-contract.js';
import { orderContract } from './order-contract.js';
import { redactionContract } from './redaction-contract.js';
import { relayContract } from './relay-contract.js';
import { stateContract } from './state-contract.js';
import { type StoreFixture, useStore } from './store-fixture.js';

const wide: ResolvedRetention = { count: 1000, bytes: 1e6, ageMs: 86_400_000 };

/** The contract of every store (`Store` in `@longwave/core`). `open` gives an empty one for each test. */
export function storeContract(name: string, open: () => StoreFixture | Promise<StoreFixture>): void {
  describe(`${name} as a store`, () => {
    const scene = useStore(open);
    const append = (operation: NewOperation, retain = wide, channel = 'a') => scene.append(operation, retain, channel);
    const appendAll = async (count: number, retain = wide) => {
      for (let i = 1; i <= count; i++) await append({ payload: `${i}` }, retain);
    };
    const payloads = async (query: Parameters<Store['read']>[1]) =>
      (await scene.store.read('a', query)).ops.map(({ payload }) => payload);

    describe('a log', () => {
      it('that was never written is empty, in an epoch', async () => {
        const { epoch, floor, top } = await scene.store.bounds('never');
        expect([floor, top]).toEqual([0, 0]);
        expect(epoch).not.toBe('');
        expect(await scene.store.read('never', { limit: 10 })).toEqual({ epoch, floor: 0, top: 0, ops: [] });
      });

      it('LOG-1: counts from 1 and keeps what it was given', async () => {
        const given: NewOperation[] = [
          { payload: '{"text":"héllo 😀"}', id: 'id', user: 'ada' },
          { payload: new Uint8Array([0, 255, 10]) },
          { payload: '""' },
        ];
        const { epoch } = await scene.store.bounds('a');
        for (const [i, operation] of given.entries()) {
          expect(await append(operation)).toEqual({ epoch, offset: i + 1, duplicate: false });
        }
        const { ops, ...bounds } = await scene.store.read('a', { limit: 10 });
        expect(bounds).toEqual({ epoch, floor: 0, top: 3 });
        expect(ops.map(({ offset }) => offset)).toEqual([1, 2, 3]);
        expect(ops.map(content)).toEqual(given.map(content));
        for (const { time } of ops) expect(Number.isSafeInteger(time)).toBe(true);
      });

      it('PUB-6: stores in the order of the calls, whether or not one waits for the other', async () => {
        const appended = await Promise.all(Array.from({ length: 50 }, async (_, i) => append({ payload: `${i}` })));
        expect(appended.map(({ offset }) => offset)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
        expect(await payloads({ after: 0, limit: 50 })).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
      });

      it('knows nothing of other channels', async () => {
        await append({ payload: '1' });
        expect(await append({ payload: '2' }, wide, 'b')).toMatchObject({ offset: 1 });
        expect(await scene.store.bounds('a')).toMatchObject({ top: 1 });
      });
    });

    describe('reading', () => {
      it('HIS-1: after, before, or the newest, up to the limit', async () => {
        await appendAll(10);
        expect(await payloads({ after: 0, limit: 3 })).toEqual(['1', '2', '3']);
        expect(await payloads({ after: 7, limit: 100 })).toEqual(['8', '9', '10']);
        expect(await payloads({ after: 10, limit: 5 })).toEqual([]);
        expect(await payloads({ after: 99, limit: 5 })).toEqual([]);
        expect(await payloads({ before: 4, limit: 2 })).toEqual(['2', '3']);
        expect(await payloads({ before: 1, limit: 2 })).toEqual([]);
        expect(await payloads({ before: 99, limit: 2 })).toEqual(['9', '10']);
        expect(await payloads({ limit: 4 })).toEqual(['7', '8', '9', '10']);
      });

      it('HIS-1: begins at the floor when more was asked for', async () => {
        await appendAll(10, { ...wide, count: 4 });
        expect(await scene.store.read('a', { after: 2, limit: 2 })).toMatchObject({ floor: 6, top: 10 });
        expect(await payloads({ after: 2, limit: 2 })).toEqual(['7', '8']);
        expect(await payloads({ before: 8, limit: 9 })).toEqual(['7']);
      });
    });

    describe('retention', () => {
      it('LOG-2: by count and by bytes, the oldest first', async () => {
        await appendAll(5, { ...wide, count: 2 });
        expect(await scene.store.bounds('a')).toMatchObject({ floor: 3, top: 5 });
        await append({ payload: 'x'.repeat(30) }, { ...wide, bytes: 31 });
        expect(await scene.store.bounds('a')).toMatchObject({ floor: 4, top: 6 });
        await append({ payload: '7' }, { ...wide, count: 0 });
        expect(await scene.store.bounds('a')).toMatchObject({ floor: 7, top: 7 });
        expect(await append({ payload: '8' })).toMatchObject({ offset: 8 });
      });

      it('LOG-2: by age, without another append', async ({ skip }) => {
        if (!scene.fixture.advance) return skip('The store has a clock of its own.');
        await append({ payload: '1' }, { ...wide, ageMs: 1000 });
        await scene.fixture.advance(600);
        await append({ payload: '2' }, { ...wide, ageMs: 1000 });
        await scene.fixture.advance(600);
        expect(await scene.store.bounds('a')).toMatchObject({ floor: 1, top: 2 });
        expect(await payloads({ limit: 10 })).toEqual(['2']);
      });
    });

    describe('repeated publishes', () => {
      const producer = (seq: number, id = 'p') => ({ id, seq });

      it('PUB-2: one producer and sequence is stored once in a channel', async () => {
        await append({ payload: '1', producer: producer(1) });
        await append({ payload: '2', producer: producer(2) });
        expect(await append({ payload: '1', producer: producer(1), retry: true })).toMatchObject({
          offset: 1,
          duplicate: true,
        });
        expect(await append({ payload: '3', producer: producer(1, 'q') })).toMatchObject({
          offset: 3,
          duplicate: false,
        });
        expect(await append({ payload: '1', producer: producer(1) }, wide, 'b')).toMatchObject({ duplicate: false });
        expect(await scene.store.bounds('a')).toMatchObject({ top: 3 });
      });

      it('PUB-2: also when the two are under way at once', async () => {
        const twice = await Promise.all([1, 2].map(async () => append({ payload: '1', producer: producer(1) })));
        expect(twice.map(({ offset }) => offset)).toEqual([1, 1]);
        expect(twice.map(({ duplicate }) => duplicate)).toEqual([false, true]);
      });

      it('PUB-2: also when what was stored is no longer retained', async () => {
        await append({ payload: '1', producer: producer(1) }, { ...wide, count: 1 });
        await append({ payload: '2', producer: producer(2) }, { ...wide, count: 1 });
        expect(await append({ payload: '1', producer: producer(1), retry: true })).toMatchObject({
          offset: 1,
          duplicate: true,
        });
      });

      it('PUB-3: a message id is stored once for a user, whoever repeats it', async () => {
        await append({ payload: '1', id: 'x', user: 'ada', producer: producer(1) });
        expect(await append({ payload: '2', id: 'x', user: 'ada', producer: producer(1, 'q') })).toMatchObject({
          offset: 1,
          duplicate: true,
        });
        expect(await append({ payload: '3', id: 'x', user: 'bob' })).toMatchObject({ offset: 2, duplicate: false });
        expect(await append({ payload: '4', id: 'x' })).toMatchObject({ offset: 3, duplicate: false });
      });

      it('PUB-2: one found by its message id is found by its sequence when the id is forgotten', async () => {
        const one = { ...wide, count: 1 };
        await append({ payload: '1', id: 'x' }, one);
        const repeated = { payload: '2', id: 'x', producer: producer(1) };
        expect(await append(repeated, one)).toMatchObject({ offset: 1, duplicate: true });
        await append({ payload: '3' }, one);
        expect(await append({ ...repeated, retry: true }, one)).toMatchObject({ offset: 1, duplicate: true });
      });

      it('PUB-2: the ack of a repeated one is that of the first, though its message id has been used again since', async () => {
        const one = { ...wide, count: 1 };
        const first = { payload: '1', id: 'x', producer: producer(1) };
        await append(first, one);
        await append({ payload: '2' }, one);
        await append({ payload: '3', id: 'x', producer: producer(1, 'q') }, one);
        expect(await append({ ...first, retry: true }, one)).toMatchObject({ offset: 1, duplicate: true });
      });

      it('PUB-4: a retry is stored when nothing is forgotten, and refused when it may have been', async () => {
        expect(await append({ payload: '1', id: 'x', retry: true })).toMatchObject({ offset: 1, duplicate: false });
        expect(await append({ payload: '2', producer: producer(7), retry: true })).toMatchObject({ duplicate: false });
        await append({ payload: '3' }, { ...wide, count: 1 });
        const retried = append({ payload: '1', id: 'x', retry: true });
        // A store may remember longer than it has to.
        const outcome = await retried.catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'too-old' });
        else expect(outcome).toMatchObject({ offset: 1, duplicate: true });
        expect(await scene.store.bounds('a')).toMatchObject({ top: 3 });
      });
    });

    describe('watching', () => {
      it('announces what is appended after the watch began, in order, to everybody who watches', async ({ skip }) => {
        if (scene.store.announcements !== 'reliable') return skip('Announcements may be lost.');
        await append({ payload: '0' });
        const [one, two, other] = [await scene.watch(), await scene.watch(), await scene.watch('b')];
        const { epoch } = await scene.store.bounds('a');
        await append({ payload: '1', id: 'x', user: 'ada' });
        await append({ payload: '2', id: 'x', user: 'ada' });
        await append({ payload: '3' });
        for (const { seen, until } of [one, two]) {
          await until(2);
          expect(seen.map(({ op }) => [op.offset, op.payload])).toEqual([
            [2, '1'],
            [3, '3'],
          ]);
          expect(seen[0]).toMatchObject({ epoch, op: { id: 'x', user: 'ada' } });
        }
        expect(other.seen).toEqual([]);
      });

      it('ends when it is told to, and only then', async () => {
        const [one, two] = [await scene.watch(), await scene.watch()];
        one.stop();
        one.stop();
        await append({ payload: '1' });
        if (scene.store.announcements === 'reliable') await two.until(1);
        expect(one.seen).toEqual([]);
      });
    });

    it('G4: says what an append survives', () => {
      expect(['memory', 'disk', 'replicated']).toContain(scene.store.durability);
    });

    describe('channels that are forgotten', () => {
      forgettingContract(open);
    });
    describe('publishes that name another', () => {
      orderContract(open);
    });
    describe('redactions', () => {
      redactionContract(open);
    });
    describe('relay', () => {
      relayContract(open);
    });
    describe('state', () => {
      stateContract(open);
    });
    describe('entries that expire', () => {
      expiryContract(open);
    });
  });
}

function content({ payload, id, user }: NewOperation | Operation): [Payload, string | undefined, string | undefined] {
  return [payload, id, user];
}
