import { LongwaveError, defineChannels, doc } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { bind } from './bind.js';
import type { DocumentStatus } from './document-status.js';
import { DocumentWorld, textOf } from '../testing/document-world.js';

const saved = { state: 'live', synced: true, unsaved: 0, error: undefined };

describe('an edit that is refused', () => {
  it('stays, unsaved, with the reason, and goes when the right is there', async () => {
    const rights = new Set(['subscribe', 'presence']);
    const world = new DocumentWorld({ authorize: (_, action) => rights.has(action) });
    const ada = world.join();
    await world.settle();
    ada.text.insert(0, 'mine');
    await world.settle();
    expect(ada.binding.status).toMatchObject({ state: 'live', unsaved: 1, error: { code: 'forbidden' } });
    ada.text.insert(4, ', too');
    await world.advance(300_000);
    expect(ada.binding.status).toMatchObject({ unsaved: 2, error: { code: 'forbidden' } });
    expect([textOf(ada), (await world.payloads()).length]).toEqual(['mine, too', 0]);
    rights.add('publish');
    ada.drop();
    await world.advance(2000);
    expect(ada.binding.status).toEqual(saved);
    expect((await world.stored()).getText('t').toJSON()).toBe('mine, too');
  });

  it('goes within a minute, though nobody tells that the right is there', async () => {
    const rights = new Set(['subscribe', 'presence']);
    const world = new DocumentWorld({ authorize: (_, action) => rights.has(action) });
    const ada = world.join();
    await world.settle();
    ada.text.insert(0, 'mine');
    await world.advance(600_000);
    rights.add('publish');
    await world.advance(60_000);
    expect(ada.binding.status).toEqual(saved);
  });

  it('is told as too large where the document is full, and nothing before it is lost', async () => {
    const world = new DocumentWorld({ channels: defineChannels({ 'doc/:id': doc({ maxBytes: 10_000 }) }) });
    const ada = world.join();
    await world.settle();
    ada.text.insert(0, 'small');
    await world.settle();
    ada.text.insert(0, 'x'.repeat(20_000));
    await world.settle();
    expect(ada.binding.status).toMatchObject({ unsaved: 1, error: { code: 'too-large' } });
    expect(textOf(ada).length).toBe(20_005);
    expect((await world.stored()).getText('t').toJSON()).toBe('small');
  });

  it('rejects `synced` when it is what the Y.Doc had', async () => {
    const world = new DocumentWorld({ authorize: (_, action) => action !== 'publish' });
    const ydoc = new Y.Doc();
    ydoc.getText('t').insert(0, 'own');
    const ada = world.join({ ydoc });
    await world.settle();
    await expect(ada.binding.synced).rejects.toMatchObject({ code: 'forbidden' });
    expect(ada.binding.status).toMatchObject({ state: 'live', synced: true, unsaved: 1 });
  });
});

it('a reader who edits nothing is refused nothing, though their replica tidies up formats', async () => {
  const world = new DocumentWorld({ authorize: (user, action) => user !== 'reader' || action !== 'publish' });
  const [ada, bob, reader] = [world.join(), world.join(), world.join({ user: 'reader' })];
  // The order of the two formats decides whether there is anything to tidy up.
  ada.ydoc.clientID = 1;
  bob.ydoc.clientID = 2;
  await world.settle();
  ada.text.insert(0, 'one bold word');
  ada.text.format(4, 4, { bold: true });
  await world.settle();
  let tidied = 0;
  reader.ydoc.on('update', (_update: Uint8Array, origin: unknown) => (tidied += origin === reader.binding ? 0 : 1));
  ada.text.format(8, 2, { bold: true });
  ada.text.format(0, 5, { bold: true });
  bob.text.format(0, 2, { bold: true });
  bob.text.format(8, 1, { bold: true });
  await world.settle();
  expect(tidied).toBeGreaterThan(0);
  expect(reader.binding.status).toEqual(saved);
  expect(reader.text.toDelta()).toEqual(ada.text.toDelta());
  const late = world.join({ user: 'reader', ydoc: new Y.Doc() });
  await world.settle();
  expect([late.binding.status, late.text.toDelta()]).toEqual([saved, ada.text.toDelta()]);
});

describe('the end of a binding', () => {
  it('lets what is unsaved go', async () => {
    const world = new DocumentWorld({ latencyMs: 50 });
    const [ada, bob] = [world.join(), world.join()];
    await world.advance(1000);
    for (let i = 0; i < 20; i++) {
      ada.text.insert(i, String(i % 10));
      await world.advance(5);
    }
    ada.binding.unsubscribe();
    expect(ada.binding.status).toMatchObject({ state: 'ended', error: undefined });
    ada.text.insert(0, 'not bound any more');
    bob.text.insert(0, 'B');
    await world.advance(1000);
    expect([textOf(bob), ada.binding.status.unsaved]).toEqual(['B01234567890123456789', 0]);
    expect(textOf(ada)).toBe('not bound any more01234567890123456789');
  });

  it('waits for the document where that is not there yet, and adds what it lacks', async () => {
    const world = new DocumentWorld({ latencyMs: 50 });
    const bob = world.join();
    await world.advance(1000);
    bob.text.insert(0, 'known ');
    await world.advance(1000);
    const before = await world.storedBytes();
    const ada = world.join();
    Y.applyUpdate(ada.ydoc, Y.encodeStateAsUpdate(bob.ydoc), 'disk');
    ada.text.insert(6, 'new');
    ada.binding.unsubscribe();
    await expect(ada.binding.synced).rejects.toMatchObject({ code: 'closed' });
    ada.ydoc.destroy();
    await world.advance(1000);
    expect([textOf(bob), ada.binding.status.unsaved]).toEqual(['known new', 0]);
    expect((await world.storedBytes()) - before).toBeLessThan(30);
  });

  it('comes with the Y.Doc that is destroyed, and calls nobody', async () => {
    const world = new DocumentWorld();
    const ada = world.join();
    await world.settle();
    const told: DocumentStatus[] = [];
    ada.binding.on('status', (status) => told.push(status));
    ada.text.insert(0, 'last');
    ada.ydoc.destroy();
    await world.advance(1000);
    expect(told).toEqual([]);
    expect((await world.stored()).getText('t').toJSON()).toBe('last');
  });

  it('comes with the client', async () => {
    const world = new DocumentWorld();
    const ada = world.join();
    await world.settle();
    ada.client.close();
    ada.text.insert(0, 'late');
    await world.settle();
    expect(ada.binding.status).toEqual({ state: 'ended', synced: true, unsaved: 1, error: undefined });
    expect(() => bind(ada.channel, new Y.Doc())).toThrow(LongwaveError);
  });

  it('says why the right to read is gone, keeps what is written, and goes on when it is back', async () => {
    const rights = new Set(['subscribe', 'presence', 'publish']);
    const world = new DocumentWorld({ authorize: (_, action) => rights.has(action) });
    const [ada, bob] = [world.join({ user: 'ada' }), world.join({ user: 'bob' })];
    await world.settle();
    rights.delete('subscribe');
    await world.engine.recheckUser('ada');
    await world.settle();
    ada.text.insert(0, 'kept ');
    bob.text.insert(0, 'meanwhile ');
    await world.settle();
    expect(ada.binding.status).toMatchObject({ state: 'ended', unsaved: 1, error: { code: 'forbidden' } });
    rights.add('subscribe');
    ada.drop();
    await world.advance(5000);
    expect([ada.binding.status, bob.binding.status]).toEqual([saved, saved]);
    expect(textOf(ada)).toBe(textOf(bob));
    expect([...textOf(ada)].toSorted()).toEqual([...'kept meanwhile '].toSorted());
  });
});

describe('the status', () => {
  it('is told once a turn, and the same object until it changes', async () => {
    const world = new DocumentWorld();
    const ada = world.join();
    const told: string[] = [];
    const stop = ada.binding.on('status', ({ state, unsaved }) => told.push(`${state} ${unsaved}`));
    await world.settle();
    for (let i = 0; i < 5; i++) ada.text.insert(0, 'x');
    await world.settle();
    expect(told).toEqual(['live 0', 'live 5', 'live 0']);
    expect(ada.binding.status).toBe(ada.binding.status);
    stop();
    ada.text.insert(0, 'x');
    await world.settle();
    expect(told.length).toBe(3);
  });

  it('is offline before the first connection, and the edits of that time count', async () => {
    const world = new DocumentWorld();
    const ada = world.join();
    ada.offline();
    ada.text.insert(0, 'early');
    await world.advance(30_000);
    expect(ada.binding.status).toEqual({ state: 'offline', synced: false, unsaved: 1, error: undefined });
    ada.online();
    await world.advance(5000);
    expect(ada.binding.status).toEqual(saved);
    await ada.binding.synced;
  });
});

it('two documents over one client are both bound, and hear each other', async () => {
  const world = new DocumentWorld();
  const ada = world.join();
  await world.settle();
  ada.text.insert(0, 'first ');
  await world.settle();
  const ydoc = new Y.Doc();
  const second = bind(ada.channel, ydoc, { awareness: false });
  await world.settle();
  expect([second.status, ydoc.getText('t').toJSON()]).toEqual([saved, 'first ']);
  ydoc.getText('t').insert(6, 'second ');
  ada.text.insert(0, 'and ');
  await world.settle();
  expect([textOf(ada), ydoc.getText('t').toJSON()]).toEqual(['and first second ', 'and first second ']);
  second.unsubscribe();
  ada.text.insert(0, '> ');
  await world.settle();
  expect((await world.stored()).getText('t').toJSON()).toBe('> and first second ');
  expect(ada.binding.status).toEqual(saved);
});
