import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Server, createServer } from 'longwave';
import { type Client, connect } from 'longwave/client';
import { documents, yjs } from 'longwave/yjs/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GalleryChannels, channels } from '../../shared/channels.js';
import { guestToken } from '../../shared/chat.js';
import { commentKey, resolvedKey } from '../../shared/write-comments.js';
import { authenticateGuest, mayGuest } from '../guests.js';
import { type GalleryDocuments, createDocuments } from './documents.js';

let ada: Client<GalleryChannels>;
let bob: Client<GalleryChannels>;
let nobody: Client<GalleryChannels>;
let server: Server<GalleryChannels>;
let gallery: GalleryDocuments;
let close: () => Promise<void>;

beforeEach(async () => {
  const http = createHttpServer();
  gallery = createDocuments(() => server);
  server = createServer({
    channels,
    documents: yjs(),
    authenticate: (token) => authenticateGuest(token),
    authorize: ({ user, action, channel }) => mayGuest(user, action, channel),
    on: { publish: (context) => gallery.onPublish(context) },
  });
  server.attach(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const as = (name: string): Client<GalleryChannels> =>
    connect<GalleryChannels>(url, name === '' ? {} : { token: guestToken.encode(name) });
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
const [thread, one] = ['0123456789abcdef', 'fedcba9876543210'];

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
  it('are written and removed only under the own name', async () => {
    const [adas, bobs] = [ada.channel('write-comments/x'), bob.channel('write-comments/x')];
    const key = commentKey(thread, one, 'Ada');
    await adas.put(key, { text: 'Shorter?', about: { from: '{}', to: '{}', quote: 'words' } });
    await expect(bobs.put(key, { text: 'No.' })).rejects.toEqual(refused('forbidden'));
    await expect(bobs.delete(key)).rejects.toEqual(refused('forbidden'));
    await bobs.put(commentKey(thread, one, 'Bob'), { text: 'No.' });
    await adas.delete(key);
    const watch = nobody.channel('write-comments/x').watch();
    await watch.ready;
    expect([...watch.getSnapshot()]).toEqual([[commentKey(thread, one, 'Bob'), { text: 'No.' }]]);
  });

  it('are done when somebody says so, in an entry of its own kind', async () => {
    const bobs = bob.channel('write-comments/x');
    await bobs.put(resolvedKey(thread), { isResolved: true });
    await expect(bobs.delete(resolvedKey(thread))).rejects.toEqual(refused('forbidden'));
    await expect(bobs.put(resolvedKey(thread), { text: 'done' })).rejects.toEqual(refused('invalid-data'));
    await expect(bobs.put(commentKey(thread, one, 'Bob'), { isResolved: true })).rejects.toEqual(
      refused('invalid-data'),
    );
    await expect(bobs.put('anything', { text: 'x' })).rejects.toEqual(refused('invalid-data'));
    await expect(bobs.put(commentKey(thread, one, 'Bob'), { text: ' ' })).rejects.toEqual(refused('invalid-data'));
  });
});
