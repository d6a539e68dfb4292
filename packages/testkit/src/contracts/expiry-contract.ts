import type { NewOperation } from '@longwave/core';
import { expect, it } from 'vitest';
import { type StoreFixture, useStore, wideBounds } from './store-fixture.js';

/** So long an entry lasts in these tests; `over` is past its end, `long` is past the end of the test. */
const ttlMs = 100;
const over = 200;
const long = 600_000;

/** The contract of every store for entries that expire, and for those who may put that off. */
export function expiryContract(open: () => StoreFixture | Promise<StoreFixture>): void {
  const scene = useStore(open);
  const { append, read, expireAfter } = scene;
  const put = (more: Partial<NewOperation> = {}, key = 'x') => append({ key, payload: '1', ...more });
  const touch = (holder: string | undefined, ms: number, key = 'x') =>
    append({ kind: 'touch', key, payload: '', ttlMs: ms, holder });
  const keys = async () => (await read({})).map(({ key }) => key);

  it('MAP-4: end by an operation of kind expire, that names the user', async () => {
    await put({ ttlMs, user: 'ada' });
    await put({ ttlMs: long }, 'y');
    await put({}, 'z');
    await scene.store.expire();
    expect(await keys()).toEqual(['x', 'y', 'z']);
    await expireAfter(over);
    expect(await keys()).toEqual(['y', 'z']);
    expect(await read({ after: 3 })).toMatchObject([{ key: 'x', kind: 'expire', offset: 4, user: 'ada' }]);
    expect(await put({ expect: 0 })).toMatchObject({ offset: 5 });
  });

  it('MAP-4: end once, however many nodes see to it, and those of all channels', async () => {
    for (const channel of ['a', 'b']) await append({ key: 'x', payload: '1', ttlMs }, wideBounds, channel);
    await expireAfter(over);
    await Promise.all([scene.store.expire(), scene.other.expire(), scene.store.expire()]);
    for (const channel of ['a', 'b']) expect(await scene.store.bounds(channel)).toMatchObject({ top: 2 });
  });

  it('MAP-4: end only after the last change, which says when, or that they last', async () => {
    await put({ ttlMs }, 'longer');
    await put({ ttlMs: long }, 'longer');
    await put({ ttlMs }, 'lasts');
    await put({}, 'lasts');
    await put({ ttlMs }, 'same');
    await put({ ttlMs: long, ifChanged: true }, 'same');
    await put({ ttlMs: long }, 'shorter');
    await put({ ttlMs }, 'shorter');
    await expireAfter(over);
    expect(await keys()).toEqual(['longer', 'lasts', 'same']);
  });

  it('MAP-4: do not end a second time what was removed, or put anew', async () => {
    await put({ ttlMs });
    await append({ kind: 'delete', key: 'x', payload: '' });
    await put({ ttlMs }, 'y');
    await append({ kind: 'delete', key: 'y', payload: '' });
    await put({}, 'y');
    await expireAfter(over);
    expect(await scene.store.bounds('a')).toMatchObject({ top: 5 });
    expect(await keys()).toEqual(['y']);
  });

  it('keep their end when a change is refused', async () => {
    const bounds = { ...wideBounds, bytes: 10 };
    await append({ key: 'x', payload: '1', ttlMs }, bounds);
    await expect(append({ key: 'x', payload: 'a'.repeat(11) }, bounds)).rejects.toMatchObject({ code: 'too-large' });
    await expect(put({ expect: 9 })).rejects.toMatchObject({ code: 'conflict' });
    await expireAfter(over);
    expect(await keys()).toEqual([]);
  });

  it('are touched by who holds them, and by nobody else; a touch stores nothing', async () => {
    for (const key of ['mine', 'theirs', 'nobody’s']) await put({ ttlMs, holder: 'node 1' }, key);
    await put({ ttlMs }, 'nobody’s');
    expect(await touch('node 1', long, 'mine')).toMatchObject({ offset: 4, duplicate: true });
    await touch('node 2', long, 'theirs');
    await touch('node 1', long, 'nobody’s');
    expect(await scene.store.bounds('a')).toMatchObject({ top: 4 });
    await expireAfter(over);
    expect(await keys()).toEqual(['mine']);
    await touch('node 1', ttlMs, 'mine');
    await expireAfter(over);
    expect(await keys()).toEqual([]);
  });

  it('are held by who changed them last', async () => {
    await put({ ttlMs, holder: 'node 1' });
    await put({ ttlMs, holder: 'node 2', ifChanged: true });
    await touch('node 1', long);
    await put({ ttlMs, holder: 'node 1' }, 'y');
    await put({ ttlMs, holder: 'node 2', ifChanged: true }, 'y');
    await touch('node 2', long, 'y');
    await expireAfter(over);
    expect(await keys()).toEqual(['y']);
  });

  it('a touch gives no end to what has none, and makes nothing of what is not there', async () => {
    await put();
    for (const holder of ['node 1', undefined]) {
      await touch(holder, ttlMs);
      await touch(holder, ttlMs, 'missing');
    }
    await expireAfter(over);
    expect(await keys()).toEqual(['x']);
    expect(await scene.store.bounds('a')).toMatchObject({ top: 1 });
  });

  it('PRES-3: held with a rank, are changed by nothing that comes with a lower one', async () => {
    const held = { holder: 'node 1', ttlMs: long };
    await put({ ...held, rank: 2, user: 'ada' });
    const late = await put({ holder: 'node 2', ttlMs, rank: 1, user: 'bob' });
    expect(late).toMatchObject({ offset: 1, duplicate: true });
    const lateExit = await append({ kind: 'delete', key: 'x', payload: '', rank: 1 });
    expect(lateExit).toMatchObject({ offset: 1, duplicate: true });
    await expireAfter(over);
    expect(await read({})).toMatchObject([{ key: 'x', user: 'ada', offset: 1 }]);
    expect(await put({ ...held, rank: 2, user: 'eve' })).toMatchObject({ offset: 2, duplicate: false });
    await touch('node 1', long);
    expect(await put({ ...held, rank: 1 })).toMatchObject({ offset: 2, duplicate: true });
    const exit = await append({ kind: 'delete', key: 'x', payload: '', rank: 3 });
    expect(exit).toMatchObject({ offset: 3, duplicate: false });
    expect(await put({ ...held, rank: 1 })).toMatchObject({ offset: 4, duplicate: false });
  });

  it('are announced when they end, behind what came before', async ({ skip }) => {
    if (scene.store.announcements !== 'reliable') return skip('Announcements may be lost.');
    const { seen, until } = await scene.watch();
    await put({ ttlMs, holder: 'node 1' });
    await put({ ttlMs: long }, 'y');
    await touch('node 1', ttlMs);
    await expireAfter(over);
    await scene.other.expire();
    await append({ kind: 'delete', key: 'y', payload: '' });
    await until(4);
    expect(seen.map(({ op: { offset, key, kind } }) => [offset, key, kind])).toEqual([
      [1, 'x', undefined],
      [2, 'y', undefined],
      [3, 'x', 'expire'],
      [4, 'y', 'delete'],
    ]);
  });
}
