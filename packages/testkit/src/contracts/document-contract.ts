import type { ResolvedRetention } from '@longwave/protocol';
import type { Appended, NewOperation, Store } from '@longwave/core';
import { describe, expect, it } from 'vitest';
import { type StoreFixture, useStore } from './store-fixture.js';

const whole: ResolvedRetention = {
  ...{ count: Number.MAX_SAFE_INTEGER, bytes: 10_000, ageMs: Number.MAX_SAFE_INTEGER },
  whole: true,
};
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (payload: Uint8Array | string): string =>
  typeof payload === 'string' ? `text: ${payload}` : new TextDecoder().decode(payload);

/** The contract of every store that keeps documents: logs that are whole, and `Store.compact`. */
export function documentContract(name: string, open: () => StoreFixture | Promise<StoreFixture>): void {
  describe(`${name} as a store of documents`, () => {
    const scene = useStore(open);
    const append = (text: string, more: Partial<NewOperation> = {}, keep = whole): Promise<Appended> =>
      scene.append({ payload: bytesOf(text), ...more }, keep);
    const appendAll = async (texts: string): Promise<string> => {
      for (const text of texts) await append(text);
      return (await scene.store.bounds('a')).epoch;
    };
    const compact = async (epoch: string, offset: number, text: string, store: Store = scene.store): Promise<boolean> =>
      store.compact!('a', { epoch, offset, payload: bytesOf(text) });
    const read = async (after: number, store: Store = scene.store): Promise<unknown> => {
      const { floor, top, ops } = await store.read('a', { after, limit: 100 });
      return { floor, top, ops: ops.map(({ offset, payload }) => `${offset} ${textOf(payload)}`) };
    };

    it('LOG-4: stores only where the log ends as expected', async () => {
      await expect(append('x', { expect: 1 })).rejects.toMatchObject({ code: 'conflict' });
      expect(await append('a', { expect: 0 })).toMatchObject({ offset: 1 });
      await expect(append('b', { expect: 0 })).rejects.toMatchObject({ code: 'conflict' });
      expect(await append('b', { expect: 1 })).toMatchObject({ offset: 2 });
    });

    it('LOG-4: of many at once, one is stored', async () => {
      const results = await Promise.allSettled(['a', 'b', 'c'].map((text) => append(text, { expect: 0 })));
      expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
      expect(await scene.other.bounds('a')).toMatchObject({ top: 1 });
    });

    it('LOG-4: a repeated publish is one, wherever the log ends by now', async () => {
      const producer = { id: 'p', seq: 1 };
      await append('a', { expect: 0, producer });
      await append('b');
      expect(await append('a', { expect: 0, producer, retry: true })).toMatchObject({ offset: 1, duplicate: true });
    });

    it('DOC-2: refuses what would make the log too large, and trims nothing', async () => {
      for (let i = 0; i < 10; i++) await append('x'.repeat(900));
      await expect(append('x'.repeat(1100))).rejects.toMatchObject({ code: 'too-large' });
      expect(await append('y'.repeat(900))).toMatchObject({ offset: 11 });
      expect(await scene.store.bounds('a')).toMatchObject({ floor: 0, top: 11 });
    });

    it('DOC-1: one operation takes the place of all up to it', async () => {
      const epoch = await appendAll('abcde');
      const [, , third] = (await scene.store.read('a', { after: 0, limit: 9 })).ops;
      expect(await compact(epoch, 3, 'abc')).toBe(true);
      expect(await read(0)).toEqual({ floor: 2, top: 5, ops: ['3 abc', '4 d', '5 e'] });
      expect(await read(2)).toEqual({ floor: 2, top: 5, ops: ['3 abc', '4 d', '5 e'] });
      expect(await read(3)).toEqual({ floor: 2, top: 5, ops: ['4 d', '5 e'] });
      expect(await read(0, scene.other)).toEqual({ floor: 2, top: 5, ops: ['3 abc', '4 d', '5 e'] });
      expect((await scene.store.read('a', { after: 2, limit: 1 })).ops[0]).toMatchObject({ time: third!.time });
      expect(await scene.store.bounds('a')).toEqual({ epoch, floor: 2, top: 5 });
      expect(await append('f')).toMatchObject({ epoch, offset: 6 });
    });

    it('DOC-1: goes on from the last compaction, up to the end', async () => {
      const epoch = await appendAll('abc');
      expect(await compact(epoch, 2, 'ab')).toBe(true);
      expect(await compact(epoch, 3, 'abc')).toBe(true);
      expect(await read(0)).toEqual({ floor: 2, top: 3, ops: ['3 abc'] });
      expect(await append('d')).toMatchObject({ offset: 4 });
      expect(await compact(epoch, 4, 'abcd')).toBe(true);
      expect(await read(0, scene.other)).toEqual({ floor: 3, top: 4, ops: ['4 abcd'] });
    });

    it('DOC-1: an older one, one beyond the end and one of another log change nothing', async () => {
      const epoch = await appendAll('abcd');
      expect(await compact(epoch, 3, 'abc')).toBe(true);
      expect(await compact(epoch, 2, 'wrong')).toBe(false);
      expect(await compact(epoch, 5, 'wrong')).toBe(false);
      expect(await compact('another', 4, 'wrong')).toBe(false);
      expect(await compact(epoch, 3, 'same')).toBe(true);
      expect(await read(0)).toEqual({ floor: 2, top: 4, ops: ['3 same', '4 d'] });
      expect(await scene.store.compact!('never', { epoch, offset: 1, payload: bytesOf('x') })).toBe(false);
      expect(await scene.store.bounds('never')).toMatchObject({ floor: 0, top: 0 });
    });

    it('DOC-1: makes room for more', async () => {
      for (let i = 0; i < 11; i++) await append('x'.repeat(900));
      await expect(append('y'.repeat(900))).rejects.toMatchObject({ code: 'too-large' });
      const { epoch } = await scene.store.bounds('a');
      await compact(epoch, 11, 'x'.repeat(1000));
      expect(await append('y'.repeat(8900))).toMatchObject({ offset: 12 });
      await expect(append('y'.repeat(200))).rejects.toMatchObject({ code: 'too-large' });
    });

    it('DOC-1: publishes that it holds stay known', async () => {
      const producer = (seq: number) => ({ producer: { id: 'p', seq } });
      await append('a', producer(1));
      const { epoch } = await append('b', producer(2));
      await compact(epoch, 2, 'ab');
      expect(await append('a', { ...producer(1), retry: true })).toMatchObject({ offset: 1, duplicate: true });
      expect(await append('b', { ...producer(2), retry: true })).toMatchObject({ offset: 2, duplicate: true });
      expect(await append('c', { producer: { id: 'p', seq: 3, after: 2 } })).toMatchObject({ offset: 3 });
    });

    it('DOC-1: is not announced, and who watches is told of what comes after it', async () => {
      const epoch = await appendAll('ab');
      const { seen, until, stop } = await scene.watch();
      await compact(epoch, 2, 'ab');
      await append('c');
      await until(1);
      expect(seen.map(({ op }) => `${op.offset} ${textOf(op.payload)}`)).toEqual(['3 c']);
      stop();
    });

    it('DOC-1: is larger than a message may be', async () => {
      const keep = { ...whole, bytes: 4_000_000 };
      await append('a', {}, keep);
      const { epoch } = await append('b', {}, keep);
      const payload = new Uint8Array(3_000_000).map((_, i) => i % 251);
      expect(await scene.store.compact!('a', { epoch, offset: 2, payload })).toBe(true);
      const [op] = (await scene.other.read('a', { after: 1, limit: 1 })).ops;
      expect(op!.offset).toBe(2);
      expect((op!.payload as Uint8Array).every((byte, i) => byte === i % 251)).toBe(true);
      expect(op!.payload.length).toBe(payload.length);
      expect(await append('c', {}, keep)).toMatchObject({ offset: 3 });
      expect(await scene.other.bounds('a')).toMatchObject({ floor: 1, top: 3 });
    });
  });
}
