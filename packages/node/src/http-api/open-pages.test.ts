import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Operation } from '@longwave/protocol';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OpenPages } from './open-pages.js';
import { problemOf } from '../http/problem.js';
import type { Env } from './route.js';

/** A server that answers with a page of 15 MiB, more than sockets take, and counts those that became text. */
async function open() {
  let made = 0;
  const pages = new OpenPages();
  const payload = JSON.stringify('x'.repeat(1022));
  const ops = Array.from({ length: 15_000 }, (_, i): Operation => ({ offset: i + 1, time: 0, payload }));
  const app = new Hono<Env>();
  app.get('/', (context) =>
    pages.answer(context, {
      head: '[',
      ops,
      toJson: (op) => {
        made++;
        return String(op.payload);
      },
      tail: ']',
    }),
  );
  app.onError((error) => new Response(null, { status: problemOf(error)?.status ?? 500 }));
  const listener = getRequestListener((request, env) => app.fetch(request, env));
  const server = createServer((request, response) => void listener(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  /** Asks, and reads no more than the beginning. */
  const ask = async () => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'readable');
    return socket;
  };
  const read = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/`);
    return { status: response.status, text: await response.text() };
  };
  return { ask, read, made: () => made };
}

describe('pages that are on their way', () => {
  it('HTTP-16: are made piece by piece, as they are read, and are whole in the end', async () => {
    const { ask, read, made } = await open();
    const socket = await ask();
    // Long enough for all of it, if nobody waited for the peer.
    const { status, text } = await read();
    expect(status).toBe(200);
    expect(JSON.parse(text)).toHaveLength(15_000);
    expect(made()).toBeLessThan(30_000);
    socket.destroy();
  });

  it('HTTP-16: hold so much together; one more is 503 until some are read or gone', async () => {
    const { ask, read } = await open();
    const sockets = [];
    for (let i = 0; i < 4; i++) sockets.push(await ask());
    expect(await read()).toEqual({ status: 503, text: '' });
    const ends = sockets.map((socket) => once(socket, 'close'));
    for (const socket of sockets) socket.destroy();
    await Promise.all(ends);
    await expect.poll(async () => (await read()).status).toBe(200);
  });
});
