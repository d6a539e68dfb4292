import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { DocumentWorld, type Writer, textOf } from '../testing/document-world.js';

async function together(world: DocumentWorld, count: number): Promise<[Writer, Writer, ...Writer[]]> {
  const writers = Array.from({ length: count }, () => world.join());
  await world.settle();
  return writers as [Writer, Writer, ...Writer[]];
}

const saved = { state: 'live', synced: true, unsaved: 0, error: undefined };

describe('two documents that are bound', () => {
  it('are equal, live, and saved', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = await together(world, 2);
    expect(ada.binding.status).toEqual(saved);
    ada.text.insert(0, 'Hello');
    expect(ada.binding.status).toMatchObject({ state: 'live', unsaved: 1 });
    await world.settle();
    bob.text.insert(5, ' world');
    await world.settle();
    expect([textOf(ada), textOf(bob)]).toEqual(['Hello world', 'Hello world']);
    expect([ada.binding.status, bob.binding.status]).toEqual([saved, saved]);
    await expect(ada.binding.synced).resolves.toBeUndefined();
  });

  it('take what was edited while both were offline', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = await together(world, 2);
    ada.text.insert(0, 'ac');
    await world.settle();
    ada.offline();
    bob.offline();
    ada.text.insert(1, 'b');
    bob.text.insert(2, 'd');
    await world.advance(60_000);
    expect(ada.binding.status).toEqual({ ...saved, state: 'offline', unsaved: 1 });
    ada.online();
    bob.online();
    await world.advance(10_000);
    expect([textOf(ada), textOf(bob)]).toEqual(['abcd', 'abcd']);
    expect([ada.binding.status, bob.binding.status]).toEqual([saved, saved]);
  });

  it('hear of others as of one transaction that undo leaves alone', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = await together(world, 2);
    const undo = new Y.UndoManager(ada.text, { captureTimeout: 0 });
    ada.text.insert(0, 'mine ');
    await world.settle();
    const origins: unknown[] = [];
    ada.ydoc.on('afterTransaction', ({ origin }: Y.Transaction) => origins.push(origin));
    bob.text.insert(5, 'yours ');
    bob.text.insert(11, 'too');
    await world.settle();
    expect(origins).toEqual([ada.binding]);
    undo.undo();
    await world.settle();
    expect([textOf(ada), textOf(bob)]).toEqual(['yours too', 'yours too']);
    undo.redo();
    expect(textOf(ada)).toBe('mine yours too');
  });

  it('take a paste that is larger than a message, in pieces and in its place', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = await together(world, 2);
    const paste = Array.from({ length: 100_000 }, (_, i) => i % 7).join('');
    ada.text.insert(0, '<>');
    ada.text.insert(1, paste);
    ada.text.insert(0, '!');
    await world.settle();
    expect(textOf(bob)).toBe(`!<${paste}>`);
    expect((await world.payloads()).length).toBeGreaterThan(3);
    await world.compact();
    const carl = world.join();
    await world.settle();
    expect(textOf(carl)).toBe(textOf(ada));
  });
});

describe('a fast typist', () => {
  it('costs few messages, while the first are on their way', async () => {
    const world = new DocumentWorld({ latencyMs: 100 });
    const [ada, bob] = await together(world, 2);
    for (let i = 0; i < 100; i++) {
      ada.text.insert(i, String(i % 10));
      await world.advance(10);
    }
    await world.settle();
    expect(textOf(bob)).toBe(textOf(ada));
    const messages = (await world.payloads()).length;
    expect(messages).toBeLessThanOrEqual(25);
    expect(messages).toBeGreaterThan(4);
  });

  it('sends what one turn changed as one message', async () => {
    const world = new DocumentWorld();
    const [ada] = await together(world, 2);
    for (let i = 0; i < 50; i++) ada.text.insert(0, 'x');
    expect(ada.binding.status.unsaved).toBe(50);
    await world.settle();
    expect((await world.payloads()).length).toBe(1);
  });

  it('never fills the outbox, though hours are edited offline', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = await together(world, 2);
    ada.offline();
    for (let i = 0; i < 3000; i++) {
      ada.text.insert(0, 'x');
      if (i % 100 === 0) await world.advance(1);
    }
    expect(ada.binding.status).toMatchObject({ state: 'offline', unsaved: 3000, error: undefined });
    ada.online();
    await world.advance(5000);
    expect([textOf(bob).length, ada.binding.status]).toEqual([3000, saved]);
    expect((await world.payloads()).length).toBeLessThanOrEqual(6);
  });
});

describe('a Y.Doc that has something already', () => {
  it('gets what it lacks, and gives what only it has, as one update', async () => {
    const world = new DocumentWorld();
    const [ada] = await together(world, 2);
    ada.text.insert(0, 'shared ');
    await world.settle();
    const ydoc = new Y.Doc();
    ydoc.getText('t').insert(0, 'own ');
    ydoc.getText('t').insert(4, 'text ');
    const bob = world.join({ ydoc });
    await world.settle();
    await bob.binding.synced;
    expect(textOf(bob)).toBe(textOf(ada));
    expect([...textOf(ada)].length).toBe('shared own text '.length);
    expect((await world.payloads()).length).toBe(2);
  });

  it('gives its deletions, too', async () => {
    const world = new DocumentWorld();
    const [ada] = await together(world, 2);
    ada.text.insert(0, 'abcdef');
    await world.settle();
    const ydoc = new Y.Doc();
    Y.applyUpdate(ydoc, Y.encodeStateAsUpdate(ada.ydoc));
    ydoc.getText('t').delete(1, 2);
    const before = await world.storedBytes();
    world.join({ ydoc });
    await world.settle();
    expect(textOf(ada)).toBe('adef');
    expect((await world.storedBytes()) - before).toBeLessThan(20);
  });

  it('thinkroom#229: adds nothing when it has nothing new, however often it comes', async () => {
    const world = new DocumentWorld();
    const [ada] = await together(world, 2);
    const map = ada.ydoc.getMap('m');
    for (let i = 0; i < 100; i++) {
      ada.text.insert(0, 'word ');
      map.set('key', i);
    }
    for (let i = 0; i < 40; i++) ada.text.delete(i * 5, 2);
    await world.settle();
    const bytes = await world.storedBytes();
    const copy = Y.encodeStateAsUpdate(ada.ydoc);
    for (let i = 0; i < 60; i++) {
      const ydoc = new Y.Doc();
      if (i % 2 === 0) Y.applyUpdate(ydoc, copy);
      const { binding, client } = world.join({ ydoc });
      await world.settle();
      expect(binding.status).toEqual(saved);
      client.close();
      if (i === 30) await world.compact();
    }
    expect(await world.storedBytes()).toBeLessThanOrEqual(bytes);
    expect((await world.payloads()).length).toBe(1);
  });

  it('adds nothing for the loser of two who set one key, which no update ever told', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = await together(world, 2);
    ada.ydoc.getMap('m').set('key', 1);
    bob.ydoc.getMap('m').set('key', 2);
    await world.settle();
    const count = (await world.payloads()).length;
    const ydoc = new Y.Doc();
    Y.applyUpdate(ydoc, Y.encodeStateAsUpdate(ada.ydoc));
    const carl = world.join({ ydoc });
    await world.settle();
    expect([carl.binding.status, (await world.payloads()).length]).toEqual([saved, count]);
  });

  it('may be filled from a disk at any time', async () => {
    const world = new DocumentWorld({ latencyMs: 50 });
    const [ada] = await together(world, 2);
    ada.text.insert(0, 'stored');
    await world.settle();
    const count = (await world.payloads()).length;
    const copy = Y.encodeStateAsUpdate(ada.ydoc);
    for (const delayMs of [0, 20, 100, 400]) {
      const bob = world.join();
      await world.advance(delayMs);
      Y.applyUpdate(bob.ydoc, copy, 'disk');
      await world.advance(1000);
      expect([textOf(bob), bob.binding.status]).toEqual(['stored', saved]);
      bob.client.close();
    }
    expect((await world.payloads()).length).toBe(count);
  });
});
