// In the place of their helpers: our server, with their hooks in terms of ours.
import { setTimeout as wait } from 'node:timers/promises';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from 'hocuspocus-provider-4';
import { createServer } from '@longwave/node';
import { defineChannels, doc } from '@longwave/protocol';
import { documents, yjs } from '@longwave/yjs/server';
import { hocuspocus } from '../../dist/index.js';
import * as Y from 'yjs';

export const sleep = (ms) => wait(ms);

export async function newHocuspocus(t, hooks = {}) {
  const loaded = new Map();
  /** Connections that may only read. */
  const readers = new Set();
  const dialect = hocuspocus({
    document: async (documentName) => {
      const channel = `doc/${documentName}`;
      await hooks.onConnect?.({ documentName, requestHeaders: {}, requestParameters: new URLSearchParams() });
      if (hooks.onLoadDocument && !loaded.has(channel)) loaded.set(channel, load(channel, documentName));
      await loaded.get(channel);
      return channel;
    },
    stateless: ({ document, payload, reply }) => {
      const theirs = { broadcastStateless: (text) => void dialect.broadcastStateless(document, text) };
      void hooks.onStateless?.({
        documentName: document,
        payload,
        document: theirs,
        connection: { sendStateless: reply },
      });
    },
  });
  const server = createServer({
    channels: defineChannels({ 'doc/:id': doc() }),
    documents: yjs(),
    dialects: [dialect],
    logLevel: 'error',
    authenticate: (token) => ({ claims: { token: token ?? '' } }),
    authorize: async ({ action, params, claims, connection }) => {
      if (action !== 'subscribe') return !readers.has(connection.id);
      const connectionConfig = { readOnly: false, isAuthenticated: false };
      const asked = {
        token: claims.token,
        documentName: params.id,
        connectionConfig,
        requestParameters: new URLSearchParams(),
      };
      try {
        await hooks.onAuthenticate?.(asked);
      } catch {
        return false;
      }
      if (connectionConfig.readOnly) readers.add(connection.id);
      return true;
    },
  });
  async function load(channel, documentName) {
    const document = new Y.Doc();
    const made = await hooks.onLoadDocument({ document, documentName });
    const state = Y.encodeStateAsUpdate(made instanceof Y.Doc ? made : document);
    await documents(server).seed(channel, (ydoc) => Y.applyUpdate(ydoc, state));
  }
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  t.teardown(() => server.close());
  return { server: { webSocketURL: `ws://127.0.0.1:${port}/hocuspocus` } };
}

export function newHocuspocusProviderWebsocket(t, { server }, options = {}) {
  const socket = new HocuspocusProviderWebsocket({ url: server.webSocketURL, ...options });
  t.teardown(() => socket.destroy());
  return socket;
}

export function newHocuspocusProvider(t, server, options = {}, socketOptions = {}, socket) {
  const websocketProvider = socket ?? newHocuspocusProviderWebsocket(t, server, socketOptions);
  const provider = new HocuspocusProvider({ websocketProvider, name: 'hocuspocus-test', ...options });
  provider.attach();
  t.teardown(() => provider.destroy());
  return provider;
}
