import type { Client } from 'longwave/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GalleryChannels } from '../../shared/channels.js';
import type { Saved } from '../lib/saved.js';
import type { RoomState, StoredMessage } from './room-state.js';
import { type Room, createRoom } from './room.js';
import { createKeptPublishes } from './testing/kept-publishes.js';
import { type TestServer, startTestServer, until as untilStore } from './testing/test-server.js';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(() => server.close());

const connectAs = (user: string): Client<GalleryChannels> => server.connectAs(user);
const until = (room: Room, holds: (state: RoomState) => boolean): Promise<RoomState> => untilStore(room.store, holds);

function createTab(): Saved {
  const values = new Map<string, string>();
  return {
    read: (key) => (values.has(key) ? JSON.parse(values.get(key)!) : undefined),
    write: (key, value) => void values.set(key, JSON.stringify(value)),
    remove: (key) => void values.delete(key),
  };
}

function openRoom(client: Client<GalleryChannels>, kept = createKeptPublishes()): Room {
  return createRoom({ client, room: 'lobby', outbox: kept.open(client), tab: createTab() });
}

const texts = (state: RoomState): string[] =>
  state.entries.flatMap((entry) => (entry.kind === 'message' ? [entry.text ?? '(deleted)'] : []));

describe('a room', () => {
  it('settles what is sent once it is stored', async () => {
    const room = openRoom(connectAs('ada'));
    const leave = room.open();
    room.send('one');
    room.send('two');
    expect(room.store.get().outgoing.map(({ fate }) => fate.status)).toEqual(['sending', 'sending']);
    const state = await until(room, ({ entries, outgoing }) => entries.length === 2 && outgoing.length === 0);
    expect(texts(state)).toEqual(['one', 'two']);
    leave();
  });

  it('keeps what was refused, with the reason, until it is sent again or discarded', async () => {
    const room = openRoom(connectAs('ada'));
    const leave = room.open();
    server.refuse(true);
    room.send('refused');
    const refused = await until(room, ({ outgoing }) => outgoing[0]?.fate.status === 'failed');
    expect(refused.outgoing[0]).toMatchObject({ text: 'refused', fate: { code: 'forbidden', canRetry: false } });
    server.refuse(false);
    room.retry(refused.outgoing[0]!.id);
    const sent = await until(room, ({ outgoing }) => outgoing.length === 0);
    expect(texts(sent)).toEqual(['refused']);

    server.refuse(true);
    room.send('dropped');
    const again = await until(room, ({ outgoing }) => outgoing[0]?.fate.status === 'failed');
    room.discard(again.outgoing[0]!.id);
    expect(room.store.get().outgoing).toEqual([]);
    leave();
  });

  it('sends again after a reload what was on its way, and it is stored once', async () => {
    const kept = createKeptPublishes();
    openRoom(connectAs('ada'), kept).send('sent before the reload');
    await untilStore(kept.records, ({ size }) => size === 1);
    // The page is gone with its ack; whether the server has it is not known.
    const after = openRoom(connectAs('ada'), kept);
    const leave = after.open();
    await until(after, ({ entries, outgoing }) => entries.length === 1 && outgoing.length === 0);
    after.send('and one more');
    const state = await until(after, ({ entries, outgoing }) => entries.length >= 2 && outgoing.length === 0);
    expect(texts(state)).toEqual(['sent before the reload', 'and one more']);
    leave();
  });

  it('continues where it was left', async () => {
    const [ada, bob] = ['ada', 'bob'].map((user) => openRoom(connectAs(user))) as [Room, Room];
    const leaveBob = bob.open();
    const leave = ada.open();
    ada.send('1');
    await until(ada, ({ entries }) => entries.length === 1);
    leave();
    bob.send('2');
    bob.send('3');
    await until(bob, ({ entries }) => entries.length === 3);
    const leaveAgain = ada.open();
    expect(texts(await until(ada, ({ entries }) => entries.length === 3))).toEqual(['1', '2', '3']);
    leaveAgain();
    leaveBob();
  });

  it('deletes for all once it is clear, and says why where it is not deleted', async () => {
    const [ada, bob] = ['ada', 'bob'].map((user) => openRoom(connectAs(user))) as [Room, Room];
    const leave = [ada.open(), bob.open()];
    ada.send('a secret');
    const entry = (await until(ada, ({ entries }) => entries.length === 1)).entries[0] as StoredMessage;

    ada.remove(entry, async () => false);
    expect(ada.store.get().deleting.has(entry.key)).toBe(true);
    await until(ada, ({ deleting }) => deleting.size === 0);
    expect(texts(ada.store.get())).toEqual(['a secret']);

    bob.remove(entry, async () => true);
    const { problem, deleting } = await until(bob, (state) => state.problem !== undefined);
    expect([problem, deleting.size]).toEqual([expect.stringContaining('No right to redact'), 0]);
    bob.dismissProblem();
    expect(bob.store.get().problem).toBeUndefined();

    ada.remove(entry, async () => true);
    for (const room of [ada, bob]) await until(room, (state) => texts(state).join() === '(deleted)');
    const late = openRoom(connectAs('cleo'));
    leave.push(late.open());
    expect(texts(await until(late, ({ entries }) => entries.length === 1))).toEqual(['(deleted)']);
    for (const each of leave) each();
  });

  it('pages back over deleted messages, a page of nothing but deletions included', async () => {
    const writer = connectAs('ada').channel('chat/lobby');
    const positions = [];
    for (let i = 1; i <= 60; i++) positions.push((await writer.publish({ text: `${i}` })).position);
    for (const position of positions) await writer.redact(position);
    for (let i = 61; i <= 110; i++) await writer.publish({ text: `${i}` });
    const room = openRoom(connectAs('bob'));
    const leave = room.open();
    await until(room, ({ entries }) => entries.length === 50);
    while (room.store.get().older.status === 'more') {
      room.loadOlder();
      await until(room, ({ older }) => older.status !== 'loading');
    }
    const shown = texts(room.store.get());
    expect([shown.length, shown.filter((text) => text === '(deleted)').length]).toEqual([110, 60]);
    leave();
  });

  it('pages back to the beginning', async () => {
    const writer = connectAs('robot');
    for (let i = 1; i <= 120; i++) await writer.channel('chat/lobby').publish({ text: `${i}` });
    const room = openRoom(connectAs('ada'));
    const leave = room.open();
    await until(room, ({ entries }) => entries.length === 50);
    while (room.store.get().older.status === 'more') {
      room.loadOlder();
      await until(room, ({ older }) => older.status !== 'loading');
    }
    expect(texts(room.store.get())).toEqual(Array.from({ length: 120 }, (_, index) => `${index + 1}`));
    expect(room.store.get().older).toEqual({ status: 'end', isWhole: true });
    leave();
  });
});
