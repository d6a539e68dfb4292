import { once } from 'node:events';
import { type ServerResponse, createServer as createHttpServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer } from '../server/create-server.js';
import { expectIdle, startNode } from '../testing/requests.js';

const pollOf = (client: number): string => {
  const frames = [
    { type: 'connect', version: 1, client: `p${client}` },
    { type: 'subscribe', id: 1, channel: 'chat/a', again: true },
  ];
  const body = frames.map((frame) => JSON.stringify(frame)).join('\n');
  return `POST /longwave/poll?hold=5 HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

function dial(port: number) {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  return { socket, statuses: () => [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status) };
}

describe('HTTP-14: one request at a time of each HTTP/1.1 connection is at work', () => {
  it.each(['own', 'attached'] as const)(
    'pipelined polls hold one session, and are answered in turn (%s server)',
    async (kind) => {
      let most = 0;
      const authenticate = () => {
        most = Math.max(most, node.server.engine.stats.connections);
        return {};
      };
      const node = await startNode({ authenticate });
      let { port } = node;
      if (kind === 'attached') {
        const http = createHttpServer();
        node.server.attach(http);
        http.listen(0, '127.0.0.1');
        await once(http, 'listening');
        onTestFinished(() => void (http.closeAllConnections(), http.close()));
        ({ port } = http.address() as AddressInfo);
      }
      const { socket, statuses } = dial(port);
      const count = 400;
      for (let i = 0; i < count; i++) socket.write(pollOf(i));
      await expect.poll(() => statuses().length, { timeout: 20_000, interval: 50 }).toBe(count);
      expect(new Set(statuses())).toEqual(new Set(['200']));
      expect(most).toBe(1);
      await expectIdle(node.server);
    },
  );

  it('what comes behind those that wait is not read', async () => {
    const { server, port } = await startNode();
    const http = createHttpServer();
    const accepted = once(http, 'connection') as Promise<[Socket]>;
    server.attach(http);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    onTestFinished(() => void (http.closeAllConnections(), http.close()));
    const { socket } = dial((http.address() as AddressInfo).port);
    socket.write(pollOf(1).replace('hold=5', 'hold=60000').repeat(100_000));
    const [peer] = await accepted;
    await expect.poll(() => server.engine.stats.subscriptions).toBe(1);
    // Time enough to read all of it.
    for (let i = 0; i < 100; i++) await fetch(`http://127.0.0.1:${port}/healthz`).then((answer) => answer.text());
    expect(peer.bytesRead).toBeLessThan(256 * 1024);
  });

  it('what waits is dropped with its connection', async () => {
    const { server, port } = await startNode();
    const { socket } = dial(port);
    for (let i = 0; i < 50; i++) socket.write(pollOf(i).replace('hold=5', 'hold=60000'));
    await expect.poll(() => server.engine.stats.subscriptions).toBe(1);
    socket.destroy();
    await expectIdle(server);
    expect(server.engine.stats.accepted).toBe(1);
  });

  it('routes of the application beside it wait for nobody', async () => {
    const server = createServer({ channels: {}, logger: { error: () => undefined, info: () => undefined } });
    const waiting: ServerResponse[] = [];
    const http = createHttpServer((_, response) => waiting.push(response));
    server.attach(http);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    onTestFinished(async () => {
      http.closeAllConnections();
      http.close();
      await server.close();
    });
    const { socket, statuses } = dial((http.address() as AddressInfo).port);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(3));
    await expect.poll(() => waiting.length).toBe(3);
    for (const response of waiting) response.end('theirs\n');
    await expect.poll(statuses).toEqual(['200', '200', '200']);
  });
});
