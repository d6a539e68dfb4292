import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Server, createServer } from 'longwave';
import { type Client, connect } from 'longwave/client';
import { documents, yjs } from 'longwave/yjs/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GalleryChannels, channels } from '../../shared/channels.js';
import { createRooms } from '../rooms/rooms.js';
import { guestToken } from '../../shared/chat.js';
import { authenticateGuest, mayGuest } from '../guests.js';
import { type GalleryDocuments, createDocuments } from './documents.js';

type Guest = Client<GalleryChannels, GalleryDocuments['calls']>;
let ada: Guest;
let bob: Guest;
let nobody: Guest;
let server: Server<GalleryChannels>;
let gallery: GalleryDocuments;
let close: () => Promise<void>;

beforeEach(async () => {
  const http = createHttpServer();
  gallery = createDocuments(() => server);
  server = createServer({
    channels,
    documents: yjs(),
    rooms: createRooms().host,
    calls: { ...gallery.calls },
    authenticate: (token) => authenticateGuest(token),
    authorize: ({ user, action, channel }) => mayGuest(user, action, channel),
    on: { publish: (context) => gallery.onPublish(context) },
  });
  gallery.open();
  server.attach(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const as = (name: string): Guest =>
    connect<GalleryChannels, GalleryDocuments['calls']>(url, name === '' ? {} : { token: guestToken.encode(name) });
  [ada, bob, nobody] = [as('Ada'), as('Bob'), as('')];
  close = async () => {
    for (const client of [ada, bob, nobody]) client.close();
    gallery.close();
    await server.close();
    http.close();
  };
});

afterEach(() => close());

const refused = (code: string) => expect.objectContaining({ code });

describe('documents', () => {
  it('have their first content once, and their titles', async () => {
    await gallery.seed();
    await gallery.seed();
    const docs = documents(server);
    expect((await docs.text('write/welcome', 'text')).split('\n')[0]).toBe('Write together');
    expect(Object.keys((await docs.json('board/welcome'))['shapes'] as object)).toHaveLength(8);
    const titles = nobody.channel('write-titles').watch();
    await expect.poll(() => titles.getSnapshot().get('welcome')).toEqual({ title: 'Write together' });
  });

  it('are read by everybody and written by who has a name', async () => {
    await gallery.seed();
    const received = nobody.channel('write/welcome').subscribe({ from: 'start' });
    await received.ready;
    await expect(nobody.channel('write/welcome').publish(new Uint8Array([0, 0, 0]))).rejects.toEqual(
      refused('forbidden'),
    );
    await expect(ada.channel('write/No_Name').publish(new Uint8Array([0, 0, 0]))).rejects.toEqual(refused('forbidden'));
    await expect(ada.channel('write-titles').put('welcome', { title: 'Mine' })).rejects.toEqual(refused('forbidden'));
  });
});

describe('comments', () => {
  const document = 'write/x';
  const threads = async () => {
    const watch = nobody.channel('write-comments/x').watch();
    await watch.ready;
    return [...watch.getSnapshot().values()].map(({ comments, resolved }) => [
      ...comments.map(({ user, text }) => `${user}: ${text}`),
      resolved?.user,
    ]);
  };

  it('are written by the server alone, in the name of who has one, and deleted by them', async () => {
    const { thread } = await ada.call('addComment', { document, text: 'Shorter?', quote: 'words' });
    const { comment } = await bob.call('replyToComment', { document, thread, text: 'No.' });
    await expect(ada.call('deleteComment', { document, thread, comment })).rejects.toEqual(refused('forbidden'));
    await bob.call('resolveComments', { document, thread });
    expect(await threads()).toEqual([['Ada: Shorter?', 'Bob: No.', 'Bob']]);
    await bob.call('deleteComment', { document, thread, comment });
    expect(await threads()).toEqual([['Ada: Shorter?', 'Bob']]);
    await expect(ada.channel('write-comments/x').delete(thread)).rejects.toEqual(refused('forbidden'));
    await expect(ada.channel('write-comments/x').put('mine', { comments: [] })).rejects.toEqual(refused('forbidden'));
  });

  it('are refused to who has no name, and of what is no document', async () => {
    await expect(nobody.call('addComment', { document, text: 'Hi.' })).rejects.toEqual(refused('forbidden'));
    for (const other of ['write/No_Name', 'board/x'])
      await expect(ada.call('addComment', { document: other, text: 'Hi.' })).rejects.toEqual(refused('forbidden'));
    expect(await threads()).toEqual([]);
  });
});
