import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createListener } from './listener.js';
import { createNodeClock } from '../host/node-clock.js';

// As in Bun, whose HTTP servers are no `net.Server`: HTTP is read below them, and bytes of their sockets are not ours to take.
vi.mock('node:net', async (original) => ({ ...(await original<object>()), Server: class {} }));

it('where HTTP is not read from sockets by Node, an upgrade comes through the HTTP server', async () => {
  const accept = vi.fn<() => boolean>(() => true);
  const listener = createListener({
    tls: undefined,
    maxConnections: 10,
    openingMs: 10_000,
    clock: createNodeClock(),
    accept,
    http2: { request: () => undefined, connect: () => false },
  });
  const { port } = await listener.listen(0, '127.0.0.1');
  onTestFinished(async () => {
    listener.stop();
    await listener.close();
  });
  const upgrade = once(listener.server, 'upgrade');
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write('GET /longwave HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  const [request] = (await upgrade) as [IncomingMessage];
  expect(request.url).toBe('/longwave');
  expect(accept).not.toHaveBeenCalled();
});
