import { type ResolvedRetention, decodePayload, redactionPayload } from '@longwave/protocol';
import type { Appended, NewOperation, Store } from '@longwave/core';
import { expect, it } from 'vitest';
import { type StoreFixture, useStore } from './store-fixture.js';

const wide: ResolvedRetention = { count: 1000, bytes: 1e6, ageMs: 86_400_000 };

/** RED-1 to a store: an append that redacts. */
export function redactionContract(open: () => StoreFixture | Promise<StoreFixture>): void {
  const scene = useStore(open);
  const append = (operation: NewOperation, keep = wide): Promise<Appended> => scene.append(operation, keep);
  const redact = async (
    offset: number,
    more: Partial<NewOperation> = {},
    store: Store = scene.store,
    epoch?: string,
  ): Promise<Appended> => {
    const redacts = { epoch: epoch ?? (await store.bounds('a')).epoch, offset };
    return store.append('a', { payload: redactionPayload({ offset }), redacts, ...more }, wide);
  };
  const appendAll = async (texts: readonly string[], more: Partial<NewOperation> = {}): Promise<void> => {
    for (const text of texts) await append({ payload: JSON.stringify(text), ...more });
  };
  const shown = async (store: Store = scene.store): Promise<unknown[]> =>
    (await store.read('a', { after: 0, limit: 100 })).ops.map(({ offset, kind, payload }) => [
      ...[offset, kind ?? 'put'],
      ...(payload === '' ? [] : [decodePayload(payload)]),
    ]);

  it('RED-1: takes the data of one message, and keeps its place, time, id and user', async () => {
    await append({ payload: '"a"' });
    await append({ payload: '"secret"', id: 'i', user: 'ada' });
    await append({ payload: new Uint8Array([1, 2, 3]) });
    const [, before] = (await scene.store.read('a', { after: 0, limit: 9 })).ops;
    expect(await redact(2, { user: 'bob' })).toMatchObject({ offset: 4, duplicate: false });
    expect(await redact(3)).toMatchObject({ offset: 5, duplicate: false });
    for (const store of [scene.store, scene.other]) {
      expect(await shown(store)).toEqual([
        [1, 'put', 'a'],
        [2, 'redacted'],
        [3, 'redacted'],
        [4, 'redact', { offset: 2 }],
        [5, 'redact', { offset: 3 }],
      ]);
      const { ops, floor, top } = await store.read('a', { after: 0, limit: 9 });
      expect([floor, top]).toEqual([0, 5]);
      expect(ops[1]).toMatchObject({ time: before!.time, id: 'i', user: 'ada', payload: '' });
      expect(ops[2]!.payload).toBe('');
      expect(ops[3]).toMatchObject({ user: 'bob' });
      expect((await store.read('a', { before: 3, limit: 1 })).ops[0]).toMatchObject({ offset: 2, kind: 'redacted' });
    }
    expect(await append({ payload: '"b"' })).toMatchObject({ offset: 6 });
  });

  it('RED-2: is announced like any operation, in its place', async () => {
    await appendAll(['a', 'b']);
    const { seen, until, stop } = await scene.watch();
    await redact(1);
    await append({ payload: '"c"' });
    await until(2);
    expect(seen.map(({ op }) => [op.offset, op.kind, decodePayload(op.payload)])).toEqual([
      [3, 'redact', { offset: 1 }],
      [4, undefined, 'c'],
    ]);
    stop();
  });

  it('RED-1: one that is redacted already, and a redaction, are duplicates at the top', async () => {
    await appendAll(['a', 'b']);
    await redact(1);
    expect(await redact(1)).toMatchObject({ offset: 3, duplicate: true });
    expect(await redact(3)).toMatchObject({ offset: 3, duplicate: true });
    expect(await shown()).toEqual([
      [1, 'redacted'],
      [2, 'put', 'b'],
      [3, 'redact', { offset: 1 }],
    ]);
  });

  it('RED-4: a message that is not retained is refused, and one of another log', async () => {
    for (const text of ['a', 'b', 'c', 'd']) await append({ payload: `"${text}"` }, { ...wide, count: 3 });
    await expect(redact(1)).rejects.toMatchObject({ code: 'trimmed' });
    await expect(redact(5)).rejects.toMatchObject({ code: 'trimmed' });
    await expect(redact(3, {}, scene.store, 'another')).rejects.toMatchObject({ code: 'epoch-changed' });
    expect(await scene.store.bounds('a')).toMatchObject({ floor: 1, top: 4 });
    expect(await redact(4)).toMatchObject({ offset: 5 });
  });

  it('PUB-2, PUB-7: a repeated redaction is stored once, and publishes keep their order around it', async () => {
    const producer = (seq: number, after?: number) => ({ producer: { id: 'p', seq, after } });
    await append({ payload: '"a"', ...producer(1) });
    const first = await redact(1, producer(2, 1));
    expect(await redact(1, { ...producer(2, 1), retry: true })).toEqual({ ...first, duplicate: true });
    // Nothing is left to take: it counts as stored all the same.
    expect(await redact(1, producer(3, 2))).toMatchObject({ offset: 2, duplicate: true });
    expect(await append({ payload: '"b"', ...producer(4, 3) })).toMatchObject({ offset: 3, duplicate: false });
  });

  it('PUB-3: the publish of a redacted message stays known', async () => {
    await append({ payload: '"a"', id: 'i', user: 'ada', producer: { id: 'p', seq: 1 } });
    await redact(1);
    const again = { payload: '"a"', id: 'i', user: 'ada', retry: true };
    expect(await append(again)).toMatchObject({ offset: 1, duplicate: true });
    expect(await append({ ...again, producer: { id: 'p', seq: 1 } })).toMatchObject({ offset: 1, duplicate: true });
  });

  it('LOG-2: its bytes count no more', async () => {
    const keep = { ...wide, bytes: 1000 };
    await append({ payload: JSON.stringify('x'.repeat(900)) }, keep);
    const { epoch } = await scene.store.bounds('a');
    await append({ payload: redactionPayload({ offset: 1 }), redacts: { epoch, offset: 1 } }, keep);
    await append({ payload: JSON.stringify('y'.repeat(900)) }, keep);
    expect(await scene.store.bounds('a')).toMatchObject({ floor: 0, top: 3 });
    await append({ payload: JSON.stringify('z'.repeat(900)) }, keep);
    expect(await scene.other.bounds('a')).toMatchObject({ floor: 3, top: 4 });
  });

  it('RED-1: of many at once on both nodes, one is stored for each message', async () => {
    await appendAll(['a', 'b', 'c', 'd']);
    const { epoch } = await scene.store.bounds('a');
    const results = await Promise.all(
      [1, 2, 3, 4].flatMap((offset) => [
        redact(offset, {}, scene.store, epoch),
        redact(offset, {}, scene.other, epoch),
      ]),
    );
    expect(results.filter(({ duplicate }) => !duplicate)).toHaveLength(4);
    expect(await scene.other.bounds('a')).toMatchObject({ top: 8 });
    expect((await shown()).slice(0, 4)).toEqual([1, 2, 3, 4].map((offset) => [offset, 'redacted']));
  });
}
