import type { Store } from '@longwave/core';
import { type Server, createServer, memory } from '@longwave/node';
import { defineChannels, doc } from '@longwave/protocol';
import { yjs } from '@longwave/yjs/server';
import { onTestFinished } from 'vitest';
import { type HocuspocusOptions, hocuspocus } from '../hocuspocus/hocuspocus.js';
import { yWebsocket } from '../y-websocket/y-websocket.js';

const channels = defineChannels({ 'doc/:id': doc() });

type Options = Parameters<typeof createServer<typeof channels>>[0];

/** A server on loopback that speaks both dialects. */
export async function startServer(options: Partial<Options> = {}, own: HocuspocusOptions = {}) {
  const document = (name: string): string => `doc/${name}`;
  const dialects = { y: yWebsocket({ document }), hocuspocus: hocuspocus({ document, ...own }) };
  const server = createServer({
    channels,
    documents: yjs(),
    dialects: Object.values(dialects),
    logLevel: 'error',
    ...options,
  });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  return { server, port, ...dialects, operations: (room: string) => operationsOf(server, room) };
}

/** Nodes over one store, each with dialects of its own. `wrap` changes the store that the second and later ones see. */
export async function startNodes(count: number, wrap: (store: Store) => Store = (store) => store) {
  const shared = memory();
  return Promise.all(Array.from({ length: count }, (_, i) => startServer({ store: i === 0 ? shared : wrap(shared) })));
}

/** How many operations the log of a document has had. */
async function operationsOf(server: Server<typeof channels>, room: string): Promise<number> {
  return (await server.engine.history(`doc/${room}`, { limit: 1 })).top;
}
