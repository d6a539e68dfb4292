import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Server, createServer } from 'longwave';
import { yjs } from 'longwave/yjs/server';
import { type Client, connect } from 'longwave/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GalleryChannels, channels } from '../../shared/channels.js';
import { createRooms } from '../rooms/rooms.js';
import { guestToken, markKey } from '../../shared/chat.js';
import { checkChat } from './chat.js';
import { authenticateGuest, mayGuest } from '../guests.js';

let ada: Client<GalleryChannels>;
let bob: Client<GalleryChannels>;
let close: () => Promise<void>;

beforeEach(async () => {
  const http = createHttpServer();
  const server: Server<GalleryChannels> = createServer({
    channels,
    documents: yjs(),
    rooms: createRooms().host,
    authenticate: (token) => authenticateGuest(token),
    authorize: ({ user, action, channel }) => mayGuest(user, action, channel),
    on: { publish: (context) => checkChat(server, context) },
  });
  server.attach(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  [ada, bob] = ['Ada', 'Bob'].map((name) => connect<GalleryChannels>(url, { token: guestToken.encode(name) })) as [
    Client<GalleryChannels>,
    Client<GalleryChannels>,
  ];
  close = async () => {
    ada.close();
    bob.close();
    await server.close();
    http.close();
  };
});

afterEach(() => close());

const refused = (code: string) => expect.objectContaining({ code });

describe('marks', () => {
  it('are put under the own name only, on messages that exist', async () => {
    const { position } = await ada.channel('chat/lobby').publish({ text: 'hello' });
    const message = `${position.epoch}:${position.offset}`;
    const marks = bob.channel('chat-marks/lobby');
    const thumb = { reactions: { '👍': true } } as const;
    await marks.patch(markKey(message, 'Bob'), thumb);
    await expect(marks.patch(markKey(message, 'Ada'), thumb)).rejects.toEqual(refused('forbidden'));
    await expect(marks.patch('nonsense', thumb)).rejects.toEqual(refused('forbidden'));
    await expect(marks.patch(markKey(`${position.epoch}:2`, 'Bob'), thumb)).rejects.toEqual(refused('invalid-data'));
    await expect(marks.patch(markKey('other:1', 'Bob'), thumb)).rejects.toEqual(refused('invalid-data'));
    await expect(marks.delete(markKey(message, 'Bob'))).rejects.toEqual(refused('forbidden'));
  });

  it('edit for the author only', async () => {
    const { position } = await ada.channel('chat/lobby').publish({ text: 'hello' });
    const message = `${position.epoch}:${position.offset}`;
    const change = { text: 'hi' };
    await ada.channel('chat-marks/lobby').patch(markKey(message, 'Ada'), change);
    const asBob = bob.channel('chat-marks/lobby').patch(markKey(message, 'Bob'), change);
    await expect(asBob).rejects.toEqual(refused('forbidden'));
    await expect(ada.channel('chat-marks/lobby').patch(markKey(message, 'Ada'), { text: ' ' })).rejects.toEqual(
      refused('invalid-data'),
    );
  });
});

describe('a message', () => {
  it('is deleted by its author only, for good, and takes no marks afterwards', async () => {
    const { position } = await ada.channel('chat/lobby').publish({ text: 'a secret' });
    await expect(bob.channel('chat/lobby').redact(position)).rejects.toEqual(refused('forbidden'));
    await ada.channel('chat/lobby').redact(position);
    const { messages } = await bob.channel('chat/lobby').history();
    expect(messages.map(({ data, meta }) => [data, meta.user, meta.redacted])).toEqual([[undefined, 'Ada', true]]);
    const key = markKey(`${position.epoch}:${position.offset}`, 'Ada');
    await expect(ada.channel('chat-marks/lobby').patch(key, { text: 'again' })).rejects.toEqual(refused('conflict'));
  });
});

describe('read positions', () => {
  it('are said by their user, only move on, and end with the log', async () => {
    for (const text of ['1', '2', '3']) await ada.channel('chat/lobby').publish({ text });
    const { epoch } = await ada.channel('chat/lobby').history();
    const read = bob.channel('chat-read/lobby');
    await read.put('Bob', { epoch, offset: 2 });
    await read.put('Bob', { epoch, offset: 3 });
    for (const offset of [3, 1]) {
      await expect(read.put('Bob', { epoch, offset })).rejects.toEqual(refused('conflict'));
    }
    await expect(read.put('Bob', { epoch, offset: 4 })).rejects.toEqual(refused('invalid-data'));
    await expect(read.put('Bob', { epoch: 'other', offset: 1 })).rejects.toEqual(refused('invalid-data'));
    await expect(read.put('Ada', { epoch, offset: 3 })).rejects.toEqual(refused('forbidden'));
    await expect(read.delete('Bob')).rejects.toEqual(refused('forbidden'));
    await expect(read.patch('Bob', { offset: 1 })).rejects.toEqual(refused('forbidden'));
  });
});
