import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { DocumentWorld, textOf } from '../testing/document-world.js';

// Failures that users of other servers reported, each under the name of its report.

const saved = { state: 'live', synced: true, unsaved: 0, error: undefined };

describe('content is never doubled', () => {
  it('hocuspocus#344 hocuspocus#592 hocuspocus#792: by a server that restarts', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = [world.join(), world.join()];
    await world.settle();
    ada.text.insert(0, 'once');
    await world.settle();
    const bytes = await world.storedBytes();
    for (let i = 0; i < 3; i++) {
      world.restart();
      await world.advance(10_000);
    }
    expect([textOf(ada), textOf(bob), await world.storedBytes()]).toEqual(['once', 'once', bytes]);
  });

  it('y-prosemirror#269 y-codemirror.next#23: by an editor that fills an empty document, and waits until it is known to be empty', async () => {
    const world = new DocumentWorld({ latencyMs: 50 });
    await world.advance(1000);
    await world.engine.publish('doc/x', seed());
    const ada = world.join();
    const filled: string[] = [];
    ada.binding.on('status', ({ synced }) => {
      if (synced && ada.text.length === 0) filled.push('again');
    });
    expect(ada.binding.status.synced).toBe(false);
    await world.advance(1000);
    expect([filled, textOf(ada)]).toEqual([[], 'seed']);
  });
});

function seed(): Uint8Array {
  const ydoc = new Y.Doc();
  ydoc.getText('t').insert(0, 'seed');
  return Uint8Array.from([0, ...Y.encodeStateAsUpdate(ydoc)]);
}

describe('edits are never lost', () => {
  it('hocuspocus#382 hocuspocus#821: to a load that fails, which is no empty document', async () => {
    const world = new DocumentWorld();
    const ada = world.join();
    await world.settle();
    ada.text.insert(0, 'stored');
    await world.settle();
    ada.client.close();
    world.restart();
    world.trouble = 'reads';
    const bob = world.join();
    await world.advance(5000);
    expect(bob.binding.status).toMatchObject({ state: 'opening', synced: false });
    bob.text.insert(0, 'meanwhile ');
    await world.advance(60_000);
    expect(bob.binding.status).toMatchObject({ synced: false, unsaved: 1 });
    expect((await world.payloads()).length).toBe(1);
    world.trouble = undefined;
    await world.advance(60_000);
    expect(bob.binding.status).toEqual(saved);
    expect([...textOf(bob)].toSorted()).toEqual([...'meanwhile stored'].toSorted());
  });

  it('y-sweet#415 hocuspocus#738: to a store that fails, which nobody takes for saved', async () => {
    const world = new DocumentWorld();
    const ada = world.join();
    await world.settle();
    world.trouble = 'appends';
    ada.text.insert(0, 'patient');
    await world.advance(120_000);
    expect(ada.binding.status).toMatchObject({ unsaved: 1 });
    world.restart();
    await world.advance(10_000);
    expect(ada.binding.status).toMatchObject({ unsaved: 1 });
    world.trouble = undefined;
    await world.advance(60_000);
    expect(ada.binding.status).toEqual(saved);
    expect((await world.stored()).getText('t').toJSON()).toBe('patient');
  });

  it('inplan#89: to a token that ran out, which is told, and another token goes on', async () => {
    const world = new DocumentWorld();
    let token = 'ada';
    const ada = world.join({ client: { token: () => token } });
    const bob = world.join();
    await world.settle();
    token = 'expired';
    ada.drop();
    await world.advance(60_000);
    ada.text.insert(0, 'kept');
    await world.settle();
    expect(ada.client.state).toMatchObject({ status: 'closed', error: { code: 'unauthenticated' } });
    expect(ada.binding.status).toMatchObject({ state: 'offline', unsaved: 1, error: { code: 'unauthenticated' } });
    token = 'ada';
    ada.client.reconnect();
    await world.advance(5000);
    expect([ada.binding.status, textOf(bob)]).toEqual([saved, 'kept']);
  });

  it('gutenberg#77980: to a compaction between two connections of a client', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = [world.join(), world.join()];
    await world.settle();
    for (let round = 0; round < 10; round++) {
      ada.offline();
      ada.text.insert(0, `a${round} `);
      bob.text.insert(0, `b${round} `);
      await world.settle();
      if (round % 2 === 0) await world.compact();
      bob.text.delete(1, 1);
      await world.settle();
      if (round % 3 === 0) await world.compact();
      ada.online();
      await world.advance(3000);
      await world.compact();
      expect(textOf(ada)).toBe(textOf(bob));
    }
    expect([ada.binding.status, bob.binding.status]).toEqual([saved, saved]);
    expect((await world.stored()).getText('t').toJSON()).toBe(textOf(ada));
  });

  it.each([
    ['all of its operations', async (world: DocumentWorld) => world.loseStore()],
    ['its last operations', async (world: DocumentWorld) => world.rewindStore(2)],
  ])('come back from those who are there when the log lost %s, each once', async (_, shake) => {
    const world = new DocumentWorld();
    const [ada, bob, carl] = [world.join(), world.join(), world.join()];
    await world.settle();
    for (const letter of 'abcd') {
      ada.text.insert(ada.text.length, letter.repeat(1000));
      await world.settle();
    }
    ada.client.close();
    await shake(world);
    bob.text.insert(0, '!');
    await world.advance(30_000);
    const text = `!${[...'abcd'].map((letter) => letter.repeat(1000)).join('')}`;
    expect([textOf(bob), textOf(carl)]).toEqual([text, text]);
    expect((await world.stored()).getText('t').toJSON()).toBe(text);
    expect([bob.binding.status, carl.binding.status]).toEqual([saved, saved]);
    // The first of them spares the others to send the same.
    expect(await world.storedBytes()).toBeLessThan(6000);
  });
});

it('y-websocket#24 hocuspocus#313: a connection without edits stays, and says so', async () => {
  const world = new DocumentWorld();
  const ada = world.join();
  await world.settle();
  const { state } = ada.client;
  const told: string[] = [];
  ada.binding.on('status', (status) => told.push(status.state));
  await world.advance(10 * 60_000);
  expect([ada.client.state, told]).toEqual([state, []]);
});

it('dxos#4715: a keystroke is one message, and one acknowledgement', async () => {
  const world = new DocumentWorld();
  const [ada, bob] = [world.join(), world.join()];
  await world.settle();
  const count = (await world.payloads()).length;
  const before = [ada.received(), bob.received()];
  ada.text.insert(0, 'x');
  await world.settle();
  expect((await world.payloads()).length).toBe(count + 1);
  const [forAda, forBob] = [ada.received() - before[0]!, bob.received() - before[1]!];
  expect(forBob).toBeLessThan(200);
  expect(forAda).toBeLessThan(350);
});
