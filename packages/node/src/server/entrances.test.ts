import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { defineChannels, log } from '@longwave/protocol';
import { expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { createServer } from './create-server.js';

const channels = defineChannels({ ':name': log() });
const here = { port: 0, host: '127.0.0.1' };
const closed = { code: 'closed', message: expect.stringContaining('create another') };

function make() {
  const server = createServer({ channels, logger: { error: () => undefined, info: () => undefined } });
  onTestFinished(() => server.close());
  return server;
}

async function isRefused(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return Promise.race([once(socket, 'connect').then(() => (socket.destroy(), false)), wait(2000, false)]).catch(
    () => true,
  );
}

it('a server that was closed listens no more, and says so', async () => {
  const server = make();
  await server.listen(here);
  await server.close();
  await expect(server.listen(here)).rejects.toMatchObject(closed);
  const http = createHttpServer();
  expect(() => server.attach(http)).toThrow(expect.objectContaining(closed));
  expect(http.listenerCount('upgrade')).toBe(0);
});

it('a server that closes while it begins to listen does not listen afterwards', async () => {
  const server = make();
  const listening = server.listen({ port: 0, host: 'localhost' });
  const closing = server.close();
  await expect(listening).rejects.toMatchObject(closed);
  await closing;
});

it('a second close joins the first', async () => {
  const server = make();
  const { port } = await server.listen(here);
  const order: string[] = [];
  const first = server.close({ drain: 100 }).then(() => order.push('first'));
  const second = server.close().then(() => order.push('second'));
  await second;
  expect(order[0]).toBe('first');
  await first;
  expect(await isRefused(port)).toBe(true);
});

it('a server listens on as many ports as it is told to', async () => {
  const server = make();
  const [a, b] = [await server.listen(here), await server.listen(here)];
  for (const { port } of [a, b]) expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  await server.close();
  for (const { port } of [a, b]) expect(await isRefused(port)).toBe(true);
});

it('a port that was taken once does not keep it from listening', async () => {
  const [server, other] = [make(), make()];
  const { port } = await other.listen(here);
  await expect(server.listen({ ...here, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect((await server.listen(here)).port).toBeGreaterThan(0);
});

it('an HTTP server that is attached twice is attached once', async () => {
  const server = make();
  const http = createHttpServer();
  server.attach(http);
  server.attach(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => void http.close());
  const socket = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/longwave`, ['longwave.v1.json']);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connect', version: 1, client: 'c' }));
  const [data] = (await once(socket, 'message')) as [Buffer];
  expect(data.toString()).toContain('"connected"');
  expect(server.engine.stats.accepted).toBe(1);
  socket.terminate();
  await server.close();
  expect(http.listenerCount('upgrade')).toBe(0);
});

it('READ-4, READ-11: while it drains it answers: not ready, and streams that end with the time to come back', async () => {
  const server = make();
  const { port } = await server.listen(here);
  const url = `http://127.0.0.1:${port}`;
  const closing = server.close({ drain: 400 });
  const [ready, events] = await Promise.all([fetch(`${url}/readyz`), fetch(`${url}/v1/channels/a/events`)]);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({ status: 'draining' });
  expect(ready.headers.get('connection')).toBe('close');
  expect(events.status).toBe(200);
  expect(await events.text()).toMatch(/^retry: ?\d+/m);
  await closing;
  expect(await isRefused(port)).toBe(true);
});
