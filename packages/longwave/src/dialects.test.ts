import { HocuspocusProvider, HocuspocusProviderWebsocket } from 'hocuspocus-provider-4';
import { expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket-3';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { connect } from './client-node.js';
import { createServer, defineChannels, doc } from './index.js';
import { hocuspocus, yWebsocket } from './dialects.js';
import { yjs } from './yjs-server.js';
import { bind } from './yjs.js';

const channels = defineChannels({ 'doc/:id': doc() });
const WebSocketPolyfill = WebSocket as unknown as typeof globalThis.WebSocket;

async function startServer(): Promise<number> {
  const document = (name: string): string => `doc/${name}`;
  const dialects = [yWebsocket({ document }), hocuspocus({ document })];
  const server = createServer({ channels, documents: yjs(), dialects, logLevel: 'error' });
  onTestFinished(() => server.close());
  return (await server.listen({ port: 0, host: '127.0.0.1' })).port;
}

it('clients of three kinds write one document, and see each other', async () => {
  const port = await startServer();
  const at = (path: string): string => `ws://127.0.0.1:${port}/${path}`;
  const [native, y, h] = [new Y.Doc(), new Y.Doc(), new Y.Doc()];

  const client = connect<typeof channels>(at('longwave'));
  onTestFinished(() => client.close());
  const binding = bind(client.channel('doc/a'), native);
  const provider = new WebsocketProvider(at('yjs'), 'a', y, { WebSocketPolyfill, disableBc: true });
  onTestFinished(() => provider.destroy());
  const socket = new HocuspocusProviderWebsocket({ url: at('hocuspocus'), WebSocketPolyfill });
  const other = new HocuspocusProvider({ name: 'a', document: h, websocketProvider: socket });
  other.attach();
  onTestFinished(() => {
    other.destroy();
    socket.destroy();
  });

  const awarenesses: Awareness[] = [binding.awareness, provider.awareness, other.awareness!];
  awarenesses.forEach((awareness, i) => awareness.setLocalStateField('user', i));
  const seen = (): unknown[] =>
    awarenesses.map(
      (awareness) => new Set([...awareness.getStates().values()].map((state) => state['user'] as number)),
    );
  await expect.poll(seen).toEqual(awarenesses.map(() => new Set([0, 1, 2])));

  const docs = [native, y, h];
  docs.forEach((ydoc, i) => ydoc.getText('t').insert(0, `${i}`));
  const texts = (): string[] => docs.map((ydoc) => ydoc.getText('t').toJSON());
  await expect.poll(() => texts().map(({ length }) => length)).toEqual([3, 3, 3]);
  expect(new Set(texts()).size).toBe(1);
  await expect.poll(() => binding.status.unsaved).toBe(0);

  // Their positions are those of one document: what one deletes is gone for all.
  y.getText('t').delete(0, 3);
  await expect.poll(texts).toEqual(['', '', '']);
  binding.unsubscribe();
  await expect.poll(() => seen().slice(1)).toEqual([new Set([1, 2]), new Set([1, 2])]);
});
