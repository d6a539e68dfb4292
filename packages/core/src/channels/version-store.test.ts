import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../store/memory-store.js';
import { VersionStore } from './version-store.js';

let ids = 0;
const makeId = (): string => `id${++ids}`;
const clock = { now: () => 1000, setTimer: () => () => undefined, defer: () => undefined };

function createScene(bounds = { count: 100, bytes: 1_000_000 }) {
  const store = new MemoryStore({ clock, makeId });
  const [one, two] = [1, 2].map(() => new VersionStore(store, makeId, bounds)) as [VersionStore, VersionStore];
  const content = (bytes: number, offset = 1) => ({ epoch: 'e', offset, payload: new Uint8Array(bytes).fill(offset) });
  const parts = (): number => store.read('$parts/doc/a', { limit: Infinity }).ops.length;
  const listed = async (): Promise<readonly string[]> =>
    (await one.list('doc/a')).map(({ id, name = 'auto' }) => `${id} ${name}`);
  return { one, two, content, parts, listed };
}

describe('versions of a document', () => {
  it('are kept with their content, however large, and read by any node', async () => {
    const { one, two, content } = createScene();
    const large = content(200_000, 7);
    const saved = await one.save('doc/a', large, { name: 'first', user: 'ada' });
    expect(saved).toEqual({ id: '1', name: 'first', user: 'ada', time: 1000, epoch: 'e', offset: 7, bytes: 200_000 });
    expect(await two.list('doc/a')).toEqual([saved]);
    expect(Buffer.from(await two.read('doc/a', '1')).equals(large.payload)).toBe(true);
    expect(await two.list('doc/b')).toEqual([]);
    await expect(two.read('doc/a', '2')).rejects.toMatchObject({ code: 'trimmed' });
  });

  it('of two nodes that keep the same one, one does, and nothing is left of the other', async () => {
    const { one, two, content, parts, listed } = createScene();
    const kept = await Promise.all([one.keep('doc/a', content(60_000), '0'), two.keep('doc/a', content(60_000), '0')]);
    expect(kept.toSorted()).toEqual(['kept', 'taken']);
    expect(await listed()).toEqual(['1 auto']);
    expect(parts()).toBe(2);
    expect(await two.keep('doc/a', content(10, 2), '0')).toBe('taken');
    expect(await two.keep('doc/a', content(10, 2), '1')).toBe('kept');
  });

  it('those that are asked for at once are all kept', async () => {
    const { one, two, content, listed } = createScene();
    await Promise.all(['a', 'b', 'c', 'd'].map((name, i) => [one, two][i % 2]!.save('doc/a', content(10), { name })));
    expect((await listed()).map((each) => each.slice(2)).toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('make room for the next: the oldest without a name go first, those with a name stay', async () => {
    const { one, content, listed, parts } = createScene({ count: 3, bytes: 1_000_000 });
    await one.keep('doc/a', content(10), '0');
    await one.save('doc/a', content(10), { name: 'x' });
    await one.keep('doc/a', content(10), '2');
    await one.keep('doc/a', content(10), '3');
    expect(await listed()).toEqual(['2 x', '3 auto', '4 auto']);
    await one.save('doc/a', content(10), { name: 'y' });
    await one.save('doc/a', content(10), { name: 'z' });
    expect(await listed()).toEqual(['2 x', '5 y', '6 z']);
    expect(parts()).toBe(3);
    await expect(one.save('doc/a', content(10), { name: 'w' })).rejects.toMatchObject({ code: 'too-many' });
    expect(await one.keep('doc/a', content(10), '6')).toBe('full');
    expect(parts()).toBe(3);
  });

  it('are bounded in bytes', async () => {
    const { one, content, listed } = createScene({ count: 100, bytes: 100_000 });
    await one.keep('doc/a', content(60_000), '0');
    await one.save('doc/a', content(60_000), { name: 'x' });
    expect(await listed()).toEqual(['2 x']);
    await expect(one.save('doc/a', content(60_000), { name: 'y' })).rejects.toMatchObject({ code: 'too-large' });
  });
});
