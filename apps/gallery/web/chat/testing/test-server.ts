import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LongwaveError, type Server, createServer } from 'longwave';
import { yjs } from 'longwave/yjs/server';
import { type Client, connect } from 'longwave/client';
import { type GalleryChannels, channels } from '../../../shared/channels.js';
import { createRooms } from '../../../server/rooms/rooms.js';
import type { Store } from '../../lib/store.js';

/** A real server, without the gallery's pages and rules, whose clients are named by their token. */
export interface TestServer {
  readonly server: Server<GalleryChannels>;
  connectAs(user: string): Client<GalleryChannels>;
  /** Whether to refuse what is published from now on. */
  refuse(isRefused: boolean): void;
  close(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const clients: Client<GalleryChannels>[] = [];
  let isRefused = false;
  const http = createHttpServer();
  const server = createServer({
    channels,
    documents: yjs(),
    rooms: createRooms().host,
    authenticate: (token) => (token === undefined ? {} : { user: token }),
    on: {
      publish: () => {
        if (isRefused) throw new LongwaveError('forbidden', 'Not now.');
      },
    },
  });
  server.attach(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    server,
    connectAs: (user) => {
      const client = connect<GalleryChannels>(url, { token: user });
      clients.push(client);
      return client;
    },
    refuse: (next) => {
      isRefused = next;
    },
    close: async () => {
      for (const client of clients) client.close();
      await server.close();
      http.closeAllConnections();
      http.close();
    },
  };
}

/** Resolves with the store's value as soon as it is as wanted. */
export function until<T>({ get, subscribe }: Store<T>, holds: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!holds(get())) return;
      stop();
      resolve(get());
    };
    const stop = subscribe(check);
    check();
  });
}
