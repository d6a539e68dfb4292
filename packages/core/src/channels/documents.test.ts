import { defineChannels, doc } from '@longwave/protocol';
import { facade } from '@longwave/testkit';
import { expect, it } from 'vitest';
import type { Store } from '../base/ports.js';
import { MemoryStore } from '../store/memory-store.js';
import { createHarness } from '../testing/harness.js';
import type { DocumentFormat } from './document-format.js';

const channels = defineChannels({ 'doc/:id': doc() });
const format: DocumentFormat = {
  check: () => undefined,
  compact: (updates) => new Uint8Array(updates.flatMap(({ payload }) => [...payload])),
  versions: { idleMs: 60_000, updates: 5 },
};

function createScene(backend?: Store) {
  const harness = createHarness(channels, { documents: format, ...(backend && { store: backend }) });
  const { engine, clock } = harness;
  const write = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await engine.publish('doc/a', new Uint8Array([i]));
  };
  const offsets = async (): Promise<readonly number[]> => {
    // A document is read page by page.
    clock.turn();
    return (await engine.documents.versions('doc/a')).map(({ offset }) => offset);
  };
  return { ...harness, write, offsets };
}

it('a version is made after many updates, at most once a minute', async () => {
  const { write, offsets, clock } = createScene();
  await write(5);
  clock.advance(1000);
  await expect.poll(offsets).toEqual([5]);
  await write(20);
  clock.advance(30_000);
  await Promise.resolve();
  expect(await offsets()).toEqual([5]);
  clock.advance(31_000);
  await write(1);
  clock.advance(1000);
  await expect.poll(offsets).toEqual([5, 26]);
});

it('a version of an earlier state, which another node makes meanwhile, does not take the place of one that is due', async () => {
  const inner = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'epoch' });
  const other = { epoch: 'epoch', offset: 2, bytes: 0, content: 'other', parts: 0 };
  let isFirst = true;
  const append: Store['append'] = (channel, operation, keep) => {
    if (channel === '$versions/doc/a' && isFirst) {
      isFirst = false;
      void inner.append(channel, { key: '1', payload: JSON.stringify(other), expect: 0 }, keep);
    }
    return inner.append(channel, operation, keep);
  };
  const { write, offsets, clock } = createScene(facade(inner, { append }));
  await write(7);
  clock.advance(1000);
  await expect.poll(offsets).toEqual([2, 7]);
});

it('DOC-1: a document whose compaction takes long rests longer before the next', async () => {
  const { engine, clock, store } = createHarness(channels, {
    documents: {
      check: () => undefined,
      compact: () => {
        compactions++;
        clock.advance(400);
        return new Uint8Array(1);
      },
    },
  });
  let compactions = 0;
  const write = async (): Promise<void> => {
    for (let i = 0; i < 500; i++) await engine.publish('doc/a', new Uint8Array([1]));
  };
  const compacted = async (): Promise<number> => {
    clock.turn();
    return (await store.bounds('doc/a')).floor;
  };
  await write();
  clock.advance(1000);
  await expect.poll(compacted).toBe(499);
  await write();
  // A hundred times as long as the last one took, and not ten seconds.
  clock.advance(38_000);
  await engine.history('doc/a');
  expect(compactions).toBe(1);
  clock.advance(3000);
  await expect.poll(compacted).toBe(999);
});

it('tells how much the store keeps of a document: its snapshot, and the updates since', async () => {
  const { write, engine, clock, store } = createScene();
  const size = async (): Promise<unknown> => {
    const told = engine.documents.size('doc/a');
    clock.turn();
    return told;
  };
  expect(await size()).toEqual({ bytes: 0, snapshotBytes: 0, updates: 0 });
  await write(4);
  expect(await size()).toEqual({ bytes: 4, snapshotBytes: 0, updates: 4 });
  const { epoch } = await store.bounds('doc/a');
  await store.compact!('doc/a', { epoch, offset: 3, payload: new Uint8Array(10) });
  await write(1);
  expect(await size()).toEqual({ bytes: 12, snapshotBytes: 10, updates: 2 });
  await expect(engine.documents.size('nowhere')).rejects.toMatchObject({ code: 'unknown-channel' });
});
