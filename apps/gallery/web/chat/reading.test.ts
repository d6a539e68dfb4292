import type { Position } from 'longwave/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Reading, type WriteClock, createReading, readersOf } from './reading.js';
import { type TestServer, startTestServer, until } from './testing/test-server.js';
import { createUnread } from './unread.js';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(() => server.close());

function openReading(
  user: string,
  onReached: (position: Position) => void = () => undefined,
  clock?: WriteClock,
): Reading {
  const client = server.connectAs(user);
  const reading = createReading({ client, room: 'lobby', user, onReached, ...(clock && { clock }) });
  reading.open();
  return reading;
}

describe('reading', () => {
  it('tells the others how far, at most once a second', async () => {
    const timers: { readonly callback: () => void; readonly delayMs: number }[] = [];
    const setTimer = (callback: () => void, delayMs: number) => {
      timers.push({ callback, delayMs });
      return () => undefined;
    };
    const [ada, bob] = [openReading('ada', undefined, { now: () => 7_000, setTimer }), openReading('bob')];
    for (const offset of [1, 2, 3]) ada.reached({ epoch: 'a', offset });
    // Written as soon as it is known what was there before.
    await until(bob.store, (positions) => positions.get('ada')?.offset === 3);
    for (const offset of [5, 4]) ada.reached({ epoch: 'a', offset });
    expect(timers.map(({ delayMs }) => delayMs)).toEqual([0, 1000]);
    timers[1]!.callback();
    await until(bob.store, (positions) => positions.get('ada')?.offset === 5);
    const entry = await server.server.channel('chat-read/lobby').entry('ada');
    expect(entry?.version).toBe(2);
  });

  it('names who has read a message, without its author and without readers of another log', () => {
    const readers = new Map([
      ['ada', { epoch: 'a', offset: 9 }],
      ['bob', { epoch: 'a', offset: 3 }],
      ['cleo', { epoch: 'a', offset: 4 }],
      ['dan', { epoch: 'b', offset: 9 }],
    ]);
    expect(readersOf(readers, { epoch: 'a', offset: 4 }, 'ada')).toEqual(['cleo']);
    expect(readersOf(readers, { epoch: 'a', offset: 3 }, 'ada')).toEqual(['bob', 'cleo']);
  });
});

describe('unread', () => {
  it('counts what is behind the position read, on any page of the user', async () => {
    const room = server.server.channel('chat/lobby');
    for (const text of ['1', '2', '3']) await room.publish({ text });
    const { epoch } = await room.history();
    const unread = createUnread({ client: server.connectAs('ada'), user: 'ada' });
    const stop = unread.watch(['lobby', 'help']);

    const other = openReading('ada');
    other.reached({ epoch, offset: 1 });
    await until(unread.store, (counts) => counts.get('lobby') === 2);
    await room.publish({ text: '4' });
    await until(unread.store, (counts) => counts.get('lobby') === 3);
    other.reached({ epoch, offset: 4 });
    await until(unread.store, (counts) => counts.get('lobby') === 0);
    expect(unread.store.get().has('help')).toBe(false);
    stop();
  });

  it('counts no deleted message, and no deletion', async () => {
    const room = server.server.channel('chat/lobby');
    for (const text of ['1', '2', '3']) await room.publish({ text });
    const { epoch } = await room.history();
    await room.redact({ offset: 2 });
    await server.server.channel('chat-read/lobby').put('ada', { epoch, offset: 1 });
    const unread = createUnread({ client: server.connectAs('ada'), user: 'ada' });
    const stop = unread.watch(['lobby']);
    await until(unread.store, (counts) => counts.get('lobby') === 1);
    await room.publish({ text: '4' });
    await until(unread.store, (counts) => counts.get('lobby') === 2);
    await room.redact({ offset: 3 });
    expect((await until(unread.store, (counts) => counts.get('lobby') === 1)).size).toBe(1);
    stop();
  });

  it('takes what this page shows as read before the server has heard of it', async () => {
    const room = server.server.channel('chat/lobby');
    await room.publish({ text: '1' });
    await room.publish({ text: '2' });
    const { epoch } = await room.history();
    await server.server.channel('chat-read/lobby').put('ada', { epoch, offset: 1 });
    const unread = createUnread({ client: server.connectAs('ada'), user: 'ada' });
    unread.watch(['lobby']);
    await until(unread.store, (counts) => counts.get('lobby') === 1);
    unread.seen('lobby', { epoch, offset: 2 });
    expect(unread.store.get().get('lobby')).toBe(0);
  });
});
