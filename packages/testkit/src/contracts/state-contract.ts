import type { Operation } from '@longwave/protocol';
import type { NewOperation } from '@longwave/core';
import { describe, expect, it } from 'vitest';
import { type StoreFixture, useStore, wideBounds } from './store-fixture.js';

/** The contract of every store for channels that keep the last of each entry. */
export function stateContract(open: () => StoreFixture | Promise<StoreFixture>): void {
  const scene = useStore(open);
  const { append, read } = scene;
  const put = (key: string, payload: string, more: Partial<NewOperation> = {}) => append({ key, payload, ...more });
  const remove = (key: string, more: Partial<NewOperation> = {}) =>
    append({ key, kind: 'delete', payload: '', ...more });
  const state = async () => (await read({})).map(({ key, payload, offset }) => [key, payload, offset]);

  describe('reading', () => {
    it('MAP-2: has the last of each entry, as it was given, in the order of their offsets', async () => {
      const { epoch } = await scene.store.bounds('a');
      await put('x', '1');
      await append({ key: 'y', payload: new Uint8Array([0, 255, 10]), id: 'id', user: 'ada' });
      expect(await put('x', '{"text":"héllo 😀"}')).toEqual({ epoch, offset: 3, duplicate: false });
      const { ops, ...bounds } = await scene.store.read('a', { limit: 10 });
      expect(bounds).toEqual({ epoch, floor: 0, top: 3 });
      expect(ops).toMatchObject([
        { key: 'y', offset: 2, payload: new Uint8Array([0, 255, 10]), id: 'id', user: 'ada' },
        { key: 'x', offset: 3, payload: '{"text":"héllo 😀"}' },
      ]);
      for (const { time, kind } of ops) expect([Number.isSafeInteger(time), kind]).toEqual([true, undefined]);
    });

    it('has the one entry of a value under no key', async () => {
      await append({ payload: '1' });
      await append({ payload: '2' });
      expect(await state()).toEqual([['', '2', 2]]);
      expect(await read({ key: '' })).toMatchObject([{ offset: 2 }]);
    });

    it('has one entry alone, or none', async () => {
      await put('x', '1');
      await put('y', '2');
      await remove('y');
      expect(await read({ key: 'x' })).toMatchObject([{ key: 'x', payload: '1', offset: 1 }]);
      for (const key of ['y', 'z', '', 'constructor', '__proto__']) expect(await read({ key }), key).toEqual([]);
    });

    it('takes any text for a key', async () => {
      const keys = ['__proto__', 'constructor', 'a/b', '*', '>', '.', ' ', '\n', '\0', 'é😀', 'x'.repeat(256)];
      for (const key of keys) await put(key, JSON.stringify(key));
      expect((await read({})).map(({ key }) => key)).toEqual(keys);
      for (const key of keys) expect(await read({ key })).toMatchObject([{ key, payload: JSON.stringify(key) }]);
    });

    it('STATE-4: has what changed after an offset, with the removals', async () => {
      await put('x', '1');
      await put('y', '2');
      await put('z', '3');
      await put('x', '4');
      await remove('y', { user: 'ada' });
      const after = async (offset: number) =>
        (await read({ after: offset })).map(({ key, kind, offset: version }) => [key, kind, version]);
      expect(await after(3)).toEqual([
        ['x', undefined, 4],
        ['y', 'delete', 5],
      ]);
      expect(await after(0)).toEqual([['z', undefined, 3], ...(await after(3))]);
      expect(await after(5)).toEqual([]);
      expect(await read({ after: 4 })).toMatchObject([{ user: 'ada' }]);
      expect((await read({ after: 0, limit: 2 })).map(({ offset }) => offset)).toEqual([3, 4]);
      await put('y', '6');
      expect(await after(4)).toEqual([['y', undefined, 6]]);
    });

    it('STATE-4: says up to where removals are forgotten, and remembers as many as it was told', async () => {
      const few = { ...wideBounds, removals: 10 };
      for (let i = 1; i <= 200; i++) await append({ key: `${i}`, payload: '0' }, few);
      for (let i = 1; i <= 200; i++) await append({ key: `${i}`, kind: 'delete', payload: '' }, few);
      const { ops, floor } = await scene.store.read('a', { after: 0, limit: 1000 });
      const named = ops.map(({ offset }) => offset);
      expect(named.slice(-10)).toEqual([391, 392, 393, 394, 395, 396, 397, 398, 399, 400]);
      // A store may remember more, but not without end.
      expect(named.length).toBeLessThan(100);
      expect(named).toEqual(Array.from({ length: named.length }, (_, i) => 400 - named.length + 1 + i));
      expect(floor).toBe(400 - named.length);
    });
  });

  describe('changes', () => {
    it('MAP-2: a delete of nothing stores nothing', async () => {
      await put('x', '1');
      expect(await remove('y')).toMatchObject({ offset: 1, duplicate: true });
      expect(await remove('x')).toMatchObject({ offset: 2, duplicate: false });
      expect(await remove('x')).toMatchObject({ offset: 2, duplicate: true });
      expect(await scene.store.bounds('a')).toMatchObject({ top: 2 });
      expect(await state()).toEqual([]);
    });

    it('MAP-3: the entry has to have the version that is expected, or not to exist', async () => {
      await put('x', '1', { expect: 0 });
      for (const expected of [0, 2]) {
        await expect(put('x', 'no', { expect: expected })).rejects.toMatchObject({ code: 'conflict' });
        await expect(remove('x', { expect: expected })).rejects.toMatchObject({ code: 'conflict' });
        await expect(remove('y', { expect: 2 })).rejects.toMatchObject({ code: 'conflict' });
      }
      expect(await state()).toEqual([['x', '1', 1]]);
      expect(await put('x', '2', { expect: 1 })).toMatchObject({ offset: 2 });
      expect(await remove('x', { expect: 2 })).toMatchObject({ offset: 3 });
      await expect(put('x', 'no', { expect: 3 })).rejects.toMatchObject({ code: 'conflict' });
      expect(await put('x', '4', { expect: 0 })).toMatchObject({ offset: 4 });
    });

    it('MAP-3: of those who expect the same, on whatever node, one is first', async () => {
      const tries = Array.from({ length: 20 }, async (_, i) => {
        const store = i % 2 === 0 ? scene.store : scene.other;
        return store.append('a', { key: 'x', payload: `${i}`, expect: 0 }, wideBounds);
      });
      const outcomes = await Promise.allSettled(tries);
      const stored = outcomes.flatMap((outcome, i) => (outcome.status === 'fulfilled' ? [`${i}`] : []));
      expect(stored).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'conflict' });
      expect(await state()).toEqual([['x', stored[0], 1]]);
    });

    it('PUB-6: are stored in the order of the calls, whether or not one waits for the other', async () => {
      const keys = Array.from({ length: 50 }, (_, i) => `${i % 7}`);
      const appended = await Promise.all(keys.map((key, i) => put(key, `${i}`)));
      expect(appended.map(({ offset }) => offset)).toEqual(keys.map((_, i) => i + 1));
      expect(await state()).toEqual(keys.slice(-7).map((key, i) => [key, `${43 + i}`, 44 + i]));
    });

    it('are not stored, when asked so, where value and user are what they are already', async () => {
      const same: Partial<NewOperation> = { user: 'ada', ifChanged: true };
      expect(await put('x', '1', same)).toMatchObject({ offset: 1, duplicate: false });
      await put('y', '1', same);
      expect(await put('x', '1', same)).toMatchObject({ offset: 1, duplicate: true });
      expect(await put('x', '1', { ...same, user: 'bob' })).toMatchObject({ offset: 3, duplicate: false });
      expect(await put('x', '2', { ...same, user: 'bob' })).toMatchObject({ offset: 4, duplicate: false });
      expect(await put('x', '2', { user: 'bob' })).toMatchObject({ offset: 5, duplicate: false });
      expect(await scene.store.bounds('a')).toMatchObject({ top: 5 });
    });

    it('are not stored, when asked so, where the bytes are what they are already', async () => {
      const bytes = (...payload: number[]) =>
        append({ key: 'x', payload: Uint8Array.from(payload), user: 'ada', ifChanged: true });
      expect(await bytes(0, 255)).toMatchObject({ offset: 1, duplicate: false });
      expect(await bytes(0, 255)).toMatchObject({ offset: 1, duplicate: true });
      expect(await bytes(0, 254)).toMatchObject({ offset: 2, duplicate: false });
    });

    it('know nothing of other channels', async () => {
      await put('x', '1');
      const other = await append({ key: 'x', payload: '2', expect: 0 }, wideBounds, 'b');
      expect(other).toMatchObject({ offset: 1 });
      expect(await state()).toEqual([['x', '1', 1]]);
    });
  });

  describe('MAP-6: bounds', () => {
    const two = { ...wideBounds, keys: 2 };

    it('of keys are kept: one more is refused, what is there may change', async () => {
      await append({ key: 'x', payload: '1' }, two);
      await append({ key: 'y', payload: '2' }, two);
      await expect(append({ key: 'z', payload: '3' }, two)).rejects.toMatchObject({ code: 'too-many' });
      expect(await append({ key: 'x', payload: '4' }, two)).toMatchObject({ offset: 3 });
      await append({ key: 'y', kind: 'delete', payload: '' }, two);
      expect(await append({ key: 'z', payload: '5' }, two)).toMatchObject({ offset: 5 });
      expect(await state()).toEqual([
        ['x', '4', 3],
        ['z', '5', 5],
      ]);
    });

    it('of bytes are kept, keys included: what grows beyond is refused, what becomes smaller is not', async () => {
      const bounds = { ...wideBounds, bytes: 100 };
      await append({ key: 'x', payload: 'a'.repeat(49) }, bounds);
      await append({ key: 'y', payload: 'b'.repeat(49) }, bounds);
      await expect(append({ key: 'z', payload: '' }, bounds)).rejects.toMatchObject({ code: 'too-large' });
      await expect(append({ key: 'x', payload: 'a'.repeat(50) }, bounds)).rejects.toMatchObject({ code: 'too-large' });
      await append({ key: 'x', payload: 'a' }, bounds);
      expect(await append({ key: 'z', payload: 'c'.repeat(40) }, bounds)).toMatchObject({ offset: 4 });
      expect((await read({})).map(({ key }) => key)).toEqual(['y', 'x', 'z']);
    });

    it('refuse without effect: the same change is stored when there is room', async () => {
      const producer = { id: 'p', seq: 1 };
      await append({ key: 'x', payload: '1' }, two);
      await append({ key: 'y', payload: '2' }, two);
      const refused = { key: 'z', payload: '3', id: 'id', producer, at: 7 };
      await expect(append(refused, two)).rejects.toMatchObject({ code: 'too-many' });
      await expect(append({ ...refused, expect: 9 }, two)).rejects.toMatchObject({ code: 'conflict' });
      expect(await scene.store.bounds('a')).toMatchObject({ top: 2 });
      await append({ key: 'y', kind: 'delete', payload: '' }, two);
      expect(await append({ ...refused, retry: true }, two)).toMatchObject({ offset: 4, duplicate: false });
    });
  });

  describe('repeated changes', () => {
    const producer = (seq: number, id = 'p', after?: number) => ({ producer: { id, seq, after } });

    it('PUB-2: are stored once for a producer and sequence, and change nothing that came since', async () => {
      await put('x', '1', producer(1));
      await remove('x', producer(2));
      await put('x', '3', producer(1, 'q'));
      expect(await put('x', '1', { ...producer(1), retry: true })).toMatchObject({ offset: 1, duplicate: true });
      expect(await remove('x', { ...producer(2), retry: true })).toMatchObject({ offset: 2, duplicate: true });
      expect(await state()).toEqual([['x', '3', 3]]);
    });

    it('PUB-2: are not checked against what is expected now: their ack is that of the first', async () => {
      await put('x', '1', { ...producer(1), expect: 0 });
      expect(await put('x', '1', { ...producer(1), expect: 0, retry: true })).toMatchObject({
        offset: 1,
        duplicate: true,
      });
    });

    it('PUB-2: also those that found nothing to do', async () => {
      await remove('x', producer(1));
      await put('x', '1', { ...producer(2), ifChanged: true });
      await put('x', '1', { ...producer(3), ifChanged: true });
      await put('x', '2', producer(4));
      expect(await remove('x', { ...producer(1), retry: true })).toMatchObject({ duplicate: true });
      const late = await put('x', '1', { ...producer(3), ifChanged: true, retry: true });
      expect(late).toMatchObject({ offset: 1, duplicate: true });
      expect(await state()).toEqual([['x', '2', 2]]);
    });

    it('PUB-3: are stored once for a message id of a user, while it is the last of its entry', async () => {
      await put('x', '1', { id: 'x', user: 'ada' });
      expect(await put('x', '2', { id: 'x', user: 'ada' })).toMatchObject({ offset: 1, duplicate: true });
      expect(await put('x', '3', { id: 'x', user: 'bob' })).toMatchObject({ offset: 2, duplicate: false });
    });

    it('PUB-4: a retry is refused when the first may be forgotten', async () => {
      await put('x', '1', { id: 'x' });
      await put('x', '2');
      const outcome = await put('x', '1', { id: 'x', retry: true }).catch((error: unknown) => error);
      // A store may remember longer than it has to.
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'too-old' });
      else expect(outcome).toMatchObject({ offset: 1, duplicate: true });
      expect(await state()).toEqual([['x', '2', 2]]);
    });

    it('PUB-7: one that overtook another is refused', async () => {
      await expect(put('x', '2', producer(2, 'p', 1))).rejects.toMatchObject({ code: 'out-of-order' });
      await put('x', '1', producer(1));
      expect(await put('x', '2', producer(2, 'p', 1))).toMatchObject({ offset: 2, duplicate: false });
    });
  });

  describe('STATE-6: loaded state', () => {
    const load = (entries: readonly (readonly [string, unknown])[], at?: number, keep = wideBounds) =>
      append({ kind: 'load', payload: JSON.stringify(entries), at }, keep);

    it('is stored when there is none, once, whichever node brings it', async () => {
      const nodes = [scene.store, scene.other].map(async (store) =>
        store.append('a', { kind: 'load', payload: '[["x",{"n":1}],["y",2]]', at: 5 }, wideBounds),
      );
      expect((await Promise.all(nodes)).filter(({ duplicate }) => !duplicate)).toMatchObject([{ offset: 2 }]);
      expect(await load([['z', 3]], 9)).toMatchObject({ offset: 2, duplicate: true });
      expect(await state()).toEqual([
        ['x', '{"n":1}', 1],
        ['y', '2', 2],
      ]);
    });

    it('takes the place of nothing, not of what was removed either', async () => {
      await put('x', '1');
      await remove('x');
      expect(await load([['x', 0]], 1)).toMatchObject({ offset: 2, duplicate: true });
      expect(await state()).toEqual([]);
    });

    it('includes the changes up to where it stands: those are duplicates', async () => {
      await load([['x', 1]], 5);
      for (const at of [4, 5]) expect(await put('x', 'old', { at })).toMatchObject({ offset: 1, duplicate: true });
      expect(await remove('x', { at: 5 })).toMatchObject({ offset: 1, duplicate: true });
      expect(await put('x', '2', { at: 6 })).toMatchObject({ offset: 2, duplicate: false });
      expect(await put('x', '2', { at: 6 })).toMatchObject({ offset: 2, duplicate: true });
      expect(await put('y', '3')).toMatchObject({ offset: 3, duplicate: false });
      expect(await state()).toEqual([
        ['x', '2', 2],
        ['y', '3', 3],
      ]);
    });

    it('may be empty, and counts', async () => {
      await load([], 5);
      expect(await load([['x', 1]], 6)).toMatchObject({ duplicate: true });
      expect(await put('x', 'old', { at: 5 })).toMatchObject({ duplicate: true });
      expect(await state()).toEqual([]);
    });

    it('MAP-6: is refused whole when it is beyond the bounds, and may come smaller', async () => {
      const two = { ...wideBounds, keys: 2 };
      const pairs = ['x', 'y', 'z'].map((key) => [key, 1] as const);
      await expect(load(pairs, 5, two)).rejects.toMatchObject({ code: 'too-many' });
      const small = { ...wideBounds, bytes: 100 };
      await expect(load([['x', 'a'.repeat(100)]], 5, small)).rejects.toMatchObject({ code: 'too-large' });
      expect(await scene.store.bounds('a')).toMatchObject({ top: 0 });
      expect(await load(pairs.slice(1), 5, two)).toMatchObject({ offset: 2, duplicate: false });
    });
  });

  describe('watching', () => {
    it('announces every operation of an entry, in order, with its delta, and nothing of what changed nothing', async ({
      skip,
    }) => {
      if (scene.store.announcements !== 'reliable') return skip('Announcements may be lost.');
      const { seen, until } = await scene.watch();
      const { epoch } = await scene.store.bounds('a');
      await append({ kind: 'load', payload: '[["x",{"n":1,"s":"long"}],["y",2]]', at: 5 });
      await put('x', '{"n":2,"s":"long"}', { delta: '{"n":2}', id: 'id', user: 'ada' });
      await put('x', 'old', { at: 5 });
      await put('x', 'no', { expect: 9 }).catch(() => undefined);
      await put('x', '{"n":2,"s":"long"}', { ifChanged: true, user: 'ada' });
      await remove('z');
      await remove('y', { user: 'bob' });
      await append({ key: 'z', payload: new Uint8Array([1, 2]) });
      await until(5);
      expect(seen.map(({ op }) => brief(op))).toEqual([
        [1, 'x', undefined, '{"n":1,"s":"long"}', undefined],
        [2, 'y', undefined, '2', undefined],
        [3, 'x', undefined, '{"n":2,"s":"long"}', '{"n":2}'],
        [4, 'y', 'delete', undefined, undefined],
        [5, 'z', undefined, new Uint8Array([1, 2]), undefined],
      ]);
      expect(seen[2]).toMatchObject({ epoch, op: { id: 'id', user: 'ada' } });
      expect(seen[3]).toMatchObject({ op: { user: 'bob' } });
    });
  });
}

function brief({ offset, key, kind, payload, delta }: Operation): unknown[] {
  return [offset, key, kind, kind === 'delete' ? undefined : payload, delta];
}
