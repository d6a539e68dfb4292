import { defineChannels, doc } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { bind } from '../bind.js';
import { DocumentWorld, type Writer } from '../../testing/document-world.js';

type State = Record<string, unknown>;

const named = (name: string, more: State = {}): State => ({ user: { name }, ...more });
/** The others that somebody sees. */
const seenBy = ({ binding: { awareness } }: Pick<Writer, 'binding'>): unknown[] =>
  [...awareness.getStates()].filter(([id]) => id !== awareness.clientID).map(([, state]) => state);

async function meeting(world: DocumentWorld, names: readonly string[]): Promise<Writer[]> {
  const writers = names.map((name) => {
    const writer = world.join({ user: name });
    writer.binding.awareness.setLocalState(named(name));
    return writer;
  });
  await world.advance(1000);
  return writers;
}

describe('awareness', () => {
  it('shows each the cursors of the others, with the events of y-protocols', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = (await meeting(world, ['ada', 'bob'])) as [Writer, Writer];
    expect(seenBy(ada)).toEqual([named('bob')]);
    expect(seenBy(bob)).toEqual([named('ada')]);
    const [events, changes]: [unknown[], unknown[]] = [[], []];
    const { awareness } = ada.binding;
    awareness.on('update', (event: unknown, origin: unknown) => events.push([event, origin === 'local']));
    awareness.on('change', (event: unknown) => changes.push(event));
    const id = bob.binding.awareness.clientID;
    bob.binding.awareness.setLocalStateField('cursor', { anchor: 1, head: 2 });
    await world.advance(1000);
    expect(seenBy(ada)).toEqual([named('bob', { cursor: { anchor: 1, head: 2 } })]);
    expect(events).toEqual([[{ added: [], updated: [id], removed: [] }, false]]);
    expect(changes).toEqual([{ added: [], updated: [id], removed: [] }]);
    bob.binding.awareness.setLocalState(null);
    await world.advance(1000);
    expect(changes.at(-1)).toEqual({ added: [], updated: [], removed: [id] });
    expect([...awareness.meta.keys()]).toEqual([awareness.clientID]);
  });

  it('carries what editors say of a caret: positions of Yjs, and undefined', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = (await meeting(world, ['ada', 'bob'])) as [Writer, Writer];
    const text = new Y.Doc().getText('text');
    text.insert(0, 'words');
    const anchor = Y.createRelativePositionFromTypeIndex(text, 2);
    ada.binding.awareness.setLocalStateField('cursor', { anchor, head: anchor, note: undefined });
    await world.advance(1000);
    const told = JSON.parse(JSON.stringify(anchor)) as unknown;
    expect(seenBy(bob)).toEqual([named('ada', { cursor: { anchor: told, head: told } })]);
  });

  it('is gone within a second after a clean end, and after ten otherwise', async () => {
    const world = new DocumentWorld();
    const [ada, bob, carl, dora] = (await meeting(world, ['ada', 'bob', 'carl', 'dora'])) as [Writer, ...Writer[]];
    bob!.client.close();
    carl!.binding.unsubscribe();
    dora!.offline();
    await world.advance(1000);
    expect(seenBy(ada)).toEqual([named('dora')]);
    await world.advance(10_000);
    expect(seenBy(ada)).toEqual([]);
  });

  it('stays as long as its client is there, though nothing is said', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = (await meeting(world, ['ada', 'bob'])) as [Writer, Writer];
    const { awareness } = ada.binding;
    const id = bob.binding.awareness.clientID;
    const before = awareness.meta.get(id)!;
    awareness.meta.set(id, { ...before, lastUpdated: 0 });
    await world.advance(30_000);
    expect(awareness.meta.get(id)!.lastUpdated).toBeGreaterThan(0);
    expect(seenBy(ada)).toEqual([named('bob')]);
  });

  it('hides the others from somebody who is offline, and shows them again', async () => {
    const world = new DocumentWorld();
    const [ada] = (await meeting(world, ['ada', 'bob'])) as [Writer, Writer];
    ada.offline();
    await world.advance(20_000);
    expect(seenBy(ada)).toEqual([]);
    ada.online();
    await world.advance(5000);
    expect(seenBy(ada)).toEqual([named('bob')]);
  });

  it('lets nobody speak for the Yjs client of another', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = (await meeting(world, ['ada', 'bob'])) as [Writer, Writer];
    const thief = world.join({ user: 'eve' });
    const stolen = { [bob.ydoc.clientID]: named('bob?'), [ada.ydoc.clientID]: named('ada?'), 5: named('eve') };
    void thief.channel.presence.enter({ clients: stolen });
    await world.advance(1000);
    expect(seenBy(ada)).toEqual(expect.arrayContaining([named('bob'), named('eve')]));
    expect(seenBy(ada)).toHaveLength(2);
    expect(ada.binding.awareness.getLocalState()).toEqual(named('ada'));
    // The id is free when its member is gone, and not before.
    bob.client.close();
    await world.advance(1000);
    expect(seenBy(ada)).toEqual(expect.arrayContaining([named('bob?'), named('eve')]));
  });

  it('lets a user who comes back speak at once for a Yjs client of theirs', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = (await meeting(world, ['ada', 'bob'])) as [Writer, Writer];
    bob.offline();
    const again = world.join({ user: 'bob', ydoc: bob.ydoc });
    again.ydoc.clientID = bob.binding.awareness.clientID;
    again.binding.awareness.clientID = bob.binding.awareness.clientID;
    again.binding.awareness.setLocalState(named('bob again'));
    await world.advance(1000);
    expect(seenBy(ada)).toEqual([named('bob again')]);
  });

  it('ygo#116: takes nonsense of a member for nothing, and no more clients than a page may have', async () => {
    const world = new DocumentWorld();
    const [ada] = (await meeting(world, ['ada'])) as [Writer];
    const odd = [null, 7, 'x', { clients: null }, { clients: { x: {}, '-1': {}, 1.5: {}, 8: null, 9: 'text' } }];
    for (const data of odd) {
      const peer = world.join();
      void peer.channel.presence.enter(data);
    }
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [100 + i, { i }]));
    void world.join().channel.presence.enter({ clients: many });
    await world.advance(1000);
    expect(seenBy(ada)).toHaveLength(4);
  });

  it('takes an Awareness of the application, and leaves it as it was', async () => {
    const world = new DocumentWorld();
    const [ada] = (await meeting(world, ['ada'])) as [Writer];
    const ydoc = new Y.Doc();
    const awareness = new Awareness(ydoc);
    awareness.setLocalState(named('bob'));
    // Another provider of the same Awareness encodes what it is told of.
    awareness.on('update', ({ added, updated, removed }: Record<string, number[]>) =>
      encodeAwarenessUpdate(awareness, [...added!, ...updated!, ...removed!]),
    );
    const bob = world.join({ ydoc, awareness });
    ydoc.clientID = awareness.clientID;
    await world.advance(1000);
    expect([seenBy(ada), seenBy(bob)]).toEqual([[named('bob')], [named('ada')]]);
    bob.binding.unsubscribe();
    await world.advance(1000);
    expect(seenBy(ada)).toEqual([]);
    expect([...awareness.getStates().values()]).toEqual([named('bob')]);
    awareness.destroy();
  });

  it('is told to nobody when it is not wanted, or not part of the contract', async () => {
    const world = new DocumentWorld({ channels: defineChannels({ 'doc/:id': doc({ awareness: false }) }) });
    const [ada, bob] = (await meeting(world, ['ada', 'bob'])) as [Writer, Writer];
    ada.text.insert(0, 'text');
    await world.advance(20_000);
    expect([seenBy(ada), bob.text.toJSON(), bob.binding.status.error]).toEqual([[], 'text', undefined]);
    const other = new DocumentWorld();
    const [carl] = (await meeting(other, ['carl'])) as [Writer];
    const dora = other.join({ awareness: false });
    dora.binding.awareness.setLocalState(named('dora'));
    await other.advance(1000);
    expect([seenBy(carl), seenBy(dora)]).toEqual([[], []]);
  });

  it('is one member for all that are bound over one client', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = (await meeting(world, ['ada', 'bob'])) as [Writer, Writer];
    const second = bind(bob.channel, new Y.Doc());
    second.awareness.setLocalState(named('second'));
    await world.advance(1000);
    expect(seenBy(ada)).toEqual(expect.arrayContaining([named('bob'), named('second')]));
    second.unsubscribe();
    await world.advance(1000);
    expect(seenBy(ada)).toEqual([named('bob')]);
    bob.text.insert(0, 'still bound');
    await world.settle();
    expect(ada.text.toJSON()).toBe('still bound');
  });
});

describe('the cost of awareness', () => {
  it('is at most 20 states a second, and the last is always told', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = (await meeting(world, ['ada', 'bob'])) as [Writer, Writer];
    let updates = 0;
    ada.binding.awareness.on('update', () => updates++);
    for (let i = 0; i < 1000; i++) {
      bob.binding.awareness.setLocalStateField('cursor', i);
      await world.advance(2);
    }
    expect(updates).toBeLessThanOrEqual(42);
    expect(updates).toBeGreaterThan(20);
    await world.advance(200);
    expect(seenBy(ada)).toEqual([named('bob', { cursor: 999 })]);
  });

  it('does not pile up while there is no connection', async () => {
    const world = new DocumentWorld();
    const [ada, bob] = (await meeting(world, ['ada', 'bob'])) as [Writer, Writer];
    bob.offline();
    for (let i = 0; i < 1000; i++) {
      bob.binding.awareness.setLocalStateField('cursor', i);
      await world.advance(10);
    }
    bob.online();
    let updates = 0;
    ada.binding.awareness.on('update', () => updates++);
    await world.advance(5000);
    expect(seenBy(ada)).toEqual([named('bob', { cursor: 999 })]);
    expect(updates).toBeLessThanOrEqual(3);
  });

  it('yjs#732 hocuspocus#221 Artemis#12867: grows with the number of members when all come back, not with its square', async () => {
    const bytesFor = async (count: number): Promise<number> => {
      const world = new DocumentWorld();
      const writers = await meeting(
        world,
        Array.from({ length: count }, (_, i) => `user-${i}`),
      );
      const before = writers.map(({ received }) => received());
      for (const writer of writers) writer.drop();
      await world.advance(5000);
      for (const writer of writers) expect(seenBy(writer)).toHaveLength(count - 1);
      return Math.max(...writers.map(({ received }, i) => received() - before[i]!));
    };
    // A member that comes back within its grace is no news to anybody (PRES-2): what each is sent does not even grow.
    const [few, many] = [await bytesFor(5), await bytesFor(40)];
    expect(many).toBeLessThan(2 * few);
  });
});
