import { LongwaveError, defineChannels, doc } from '@longwave/protocol';
import { facade } from '@longwave/testkit';
import { describe, expect, it } from 'vitest';
import type { DocumentFormat } from '../channels/document-format.js';
import type { Store } from '../base/ports.js';
import { MemoryStore } from '../store/memory-store.js';
import { type Peer, createHarness } from '../testing/harness.js';

const channels = defineChannels({ 'doc/:id': doc({ maxBytes: 2000 }) });

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (letters: string): Uint8Array => new TextEncoder().encode(letters);
/** A document is the set of the letters of its updates. */
const union = (updates: readonly string[]): string => [...new Set(updates.join(''))].toSorted().join('');

function createFormat(): DocumentFormat & { compactions: number } {
  return {
    compactions: 0,
    check(payload) {
      if (!/^[a-z]+$/.test(text(payload))) throw new LongwaveError('invalid-data', 'Letters only.');
    },
    compact(updates) {
      this.compactions++;
      return bytes(union(updates.map(({ payload }) => text(payload))));
    },
  };
}

function createScene(backend?: Store) {
  const format = createFormat();
  const harness = createHarness(channels, { documents: format, ...(backend && { store: backend }) });
  const open = (from: { epoch?: string; offset?: number } = { epoch: 'older', offset: 1 }, room = Infinity): Peer => {
    const peer = harness.connect('binary');
    peer.room = room;
    peer.send({ type: 'subscribe', id: peer.nextId(), channel: 'doc/a', ...from });
    harness.clock.turn();
    return peer;
  };
  const write = async (letters: string): Promise<void> => {
    await harness.engine.publish('doc/a', bytes(letters));
    harness.clock.turn();
  };
  const compact = (): Promise<boolean> => harness.engine.documents.compact('doc/a');
  return { ...harness, format, open, write, compact };
}

/** The letters that a peer has. */
const has = (peer: Peer): string =>
  union(peer.take('message').flatMap(({ ops }) => ops.map(({ data }) => text(data as Uint8Array))));

describe('a document', () => {
  it('DOC-1: whoever opens it after a compaction has all of it, though the tail has the newest updates still', async () => {
    const { open, write, compact, clock } = createScene();
    const first = open();
    for (const letter of 'abc') await write(letter);
    expect(await compact()).toBe(true);
    await write('d');
    const second = open();
    expect(has(second)).toBe('abcd');
    expect(second.offsets('doc/a')).toEqual([3, 4]);
    clock.turn();
    expect(first.offsets('doc/a')).toEqual([1, 2, 3, 4]);
  });

  it('DOC-1: whoever was away goes on from where they stood, or from the compaction', async () => {
    const { open, write, compact } = createScene();
    for (const letter of 'abcd') await write(letter);
    const [subscribed] = open().take('subscribed');
    const { epoch } = subscribed!;
    await compact();
    await write('e');
    expect(open({ epoch, offset: 4 }).offsets('doc/a')).toEqual([5]);
    const old = open({ epoch, offset: 2 });
    expect(old.take('subscribed')).toMatchObject([{ offset: 3, reset: 'trimmed' }]);
    expect([has(old), old.offsets('doc/a')]).toEqual(['abcde', [4, 5]]);
    const near = open({ epoch, offset: 3 });
    expect([has(near), near.offsets('doc/a')]).toEqual(['abcde', [4, 5]]);
  });

  it('DOC-1: a reader in the middle of it loses nothing when it is compacted', async () => {
    const { open, write, compact, clock } = createScene();
    for (const letter of 'abcdefghij') await write(letter.repeat(50));
    const slow = open(undefined, 1);
    await compact();
    await write('k');
    await compact();
    await write('l');
    slow.drain();
    clock.turn();
    expect(has(slow)).toBe('abcdefghijkl');
  });

  it('DOC-1: two who read at once, one from before the compaction and one from after it, get each their own', async () => {
    const { open, write, compact, clock } = createScene();
    for (const letter of 'abc') await write(letter);
    const { epoch } = open().take('subscribed')[0]!;
    const held = open({ epoch, offset: 2 }, 0);
    await compact();
    const fresh = open();
    held.drain();
    clock.turn();
    expect([has(held), has(fresh)]).toEqual(['abc', 'abc']);
  });

  it('DOC-1: those who open it at once share one read, and whoever comes after a compaction reads anew', async () => {
    const inner = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'epoch' });
    const reads: (() => void)[] = [];
    const read: Store['read'] = (key, query) => {
      const page = inner.read(key, query);
      return new Promise((resolve) => reads.push(() => resolve(page)));
    };
    const { open, write, clock } = createScene(facade(inner, { read }));
    for (const letter of 'abc') await write(letter);
    const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
    const peers = [open(), open(), open({ epoch: 'epoch', offset: 2 }), open({ epoch: 'epoch', offset: 2 })];
    expect(reads).toHaveLength(2);
    inner.compact('doc/a', { epoch: 'epoch', offset: 3, payload: bytes('abc') });
    const late = open();
    expect(reads).toHaveLength(3);
    for (const answer of reads) answer();
    await settled();
    clock.turn();
    expect([...peers, late].map(has)).toEqual(['abc', 'abc', 'c', 'c', 'abc']);
  });

  it('is compacted by itself when enough was written', async () => {
    const { write, clock, store, format } = createScene();
    for (let i = 0; i < 499; i++) await write('a');
    clock.advance(2000);
    expect(format.compactions).toBe(0);
    await write('b');
    clock.advance(2000);
    await Promise.resolve();
    const boundsAfterATurn = () => {
      // It is read page by page.
      clock.turn();
      return store.bounds('doc/a');
    };
    await expect.poll(boundsAfterATurn).toMatchObject({ floor: 499, top: 500 });
    expect(format.compactions).toBe(1);
    // Where many type, not more often than it is worth.
    for (let i = 0; i < 700; i++) await write('c');
    clock.advance(9000);
    await Promise.resolve();
    expect(format.compactions).toBe(1);
    clock.advance(3000);
    await expect.poll(boundsAfterATurn).toMatchObject({ floor: 1199, top: 1200 });
    expect(format.compactions).toBe(2);
  });

  it('those who open it while the link of another still takes it are given the same bytes', async () => {
    const inner = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'epoch' });
    let reads = 0;
    const read: Store['read'] = (key, query) => {
      reads++;
      return inner.read(key, query);
    };
    const { open, write, compact, clock } = createScene(facade(inner, { read }));
    for (const letter of 'abc') await write(letter.repeat(100));
    await compact();
    reads = 0;
    // The answer, and then the document.
    const slow = open(undefined, 2);
    await write('d');
    const second = open(undefined, 2);
    const third = open();
    expect(reads).toBe(1);
    expect([slow, second].map(has)).toEqual(['abc', 'abc']);
    for (const peer of [slow, second]) peer.drain();
    clock.turn();
    expect([slow, second, third].map(has)).toEqual(['abcd', 'abcd', 'abcd']);
    // Nobody takes it any more: it is read anew.
    expect(has(open())).toBe('abcd');
    expect(reads).toBe(2);
  });

  it('DOC-1: whoever opens it after a compaction is not given what stood at its offset before', async () => {
    const { open, write, compact, clock } = createScene();
    for (const letter of 'abc') await write(letter);
    const { epoch } = open().take('subscribed')[0]!;
    const slow = open({ epoch, offset: 2 }, 2);
    await compact();
    expect(has(open())).toBe('abc');
    slow.drain();
    clock.turn();
    expect(has(slow)).toBe('c');
  });

  it('DOC-3: refuses what is no update', async () => {
    const { open, engine, clock } = createScene();
    await expect(engine.publish('doc/a', bytes('A'))).rejects.toMatchObject({ code: 'invalid-data' });
    await expect(engine.publish('doc/a', { text: 'a' })).rejects.toMatchObject({ code: 'invalid-data' });
    const peer = open();
    peer.send({ type: 'publish', id: 7, channel: 'doc/a', seq: 1, data: bytes('?') });
    peer.send({ type: 'publish', id: 8, channel: 'doc/a', seq: 2, data: 'text' });
    clock.turn();
    expect(peer.take('error').map(({ id, code }) => [id, code])).toEqual([
      [7, 'invalid-data'],
      [8, 'invalid-data'],
    ]);
  });

  it('DOC-2: tells the writer that it is full', async () => {
    const { write } = createScene();
    await write('a'.repeat(1500));
    await expect(write('a'.repeat(600))).rejects.toMatchObject({ code: 'too-large' });
  });

  it('DOC-4: has no history: its updates are nothing without each other', async () => {
    const { open, clock, engine, write } = createScene();
    await write('a');
    const peer = open();
    peer.send({ type: 'history', id: 7, channel: 'doc/a', limit: 10 });
    clock.turn();
    expect(peer.take('error')).toMatchObject([{ id: 7, code: 'wrong-mode' }]);
    // The server itself may read them.
    expect((await engine.history('doc/a')).ops).toHaveLength(1);
  });

  it('where flushes are paced, delivers an update that comes alone at once, and those that come soon after it together', async () => {
    const { open, engine, clock } = createScene();
    clock.paces = true;
    const peer = open();
    const publish = async (letter: string): Promise<void> => {
      await engine.publish('doc/a', bytes(letter));
      clock.turn();
    };
    await publish('a');
    expect(peer.offsets('doc/a')).toEqual([1]);
    for (const letter of 'bcd') await publish(letter);
    expect(peer.offsets('doc/a')).toEqual([1]);
    const chunks = peer.chunks.length;
    clock.advance(8);
    expect(peer.offsets('doc/a')).toEqual([1, 2, 3, 4]);
    expect(peer.chunks.length).toBe(chunks + 1);
    clock.advance(100);
    await publish('e');
    expect(peer.offsets('doc/a')).toEqual([1, 2, 3, 4, 5]);
  });

  it('whoever opens it between two paced deliveries has each update once', async () => {
    const { open, engine, clock } = createScene();
    clock.paces = true;
    open();
    for (const letter of 'abc') {
      await engine.publish('doc/a', bytes(letter));
      clock.turn();
    }
    const late = open();
    expect(late.offsets('doc/a')).toEqual([1, 2, 3]);
    await engine.publish('doc/a', bytes('d'));
    clock.turn();
    clock.advance(8);
    expect(late.offsets('doc/a')).toEqual([1, 2, 3, 4]);
  });

  it('LOG-4: is seeded once, however many try', async () => {
    const { engine } = createScene();
    const seed = (): Promise<unknown> => engine.publish('doc/a', bytes('s'), { expect: 0 });
    const results = await Promise.allSettled([seed(), seed(), seed()]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect((results[1] as PromiseRejectedResult).reason).toMatchObject({ code: 'conflict' });
  });

  it('needs somebody who knows what its updates mean, and a store that keeps it', () => {
    expect(() => createHarness(channels)).toThrow('documents: yjs()');
    const { compact: _compact, ...store } = facade(createScene().store);
    expect(() => createHarness(channels, { documents: createFormat(), store })).toThrow("no method 'compact'");
  });
});
