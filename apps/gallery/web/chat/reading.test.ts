import type { Position } from 'longwave/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Reading, createReading, readersOf } from './reading.js';
import { type TestServer, startTestServer, until } from './testing/test-server.js';
import { createUnread } from './unread.js';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(() => server.close());

function openReading(user: string, onReached: (position: Position) => void = () => undefined): Reading {
  const reading = createReading({ client: server.connectAs(user), room: 'lobby', user, onReached });
  reading.open();
  return reading;
}

describe('reading', () => {
  it('tells the others how far, at most once a second', async () => {
    const [ada, bob] = [openReading('ada'), openReading('bob')];
    for (const offset of [1, 2, 3]) ada.reached({ epoch: 'a', offset });
    await until(bob.store, (positions) => positions.get('ada')?.offset === 3);
    const writtenAt = performance.now();
    for (const offset of [5, 4]) ada.reached({ epoch: 'a', offset });
    await until(bob.store, (positions) => positions.get('ada')?.offset === 5);
    expect(performance.now() - writtenAt).toBeGreaterThan(800);
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
