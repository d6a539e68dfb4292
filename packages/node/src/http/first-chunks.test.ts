import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestHead } from '@longwave/websocket';
import { FirstChunks } from './first-chunks.js';

const head = 'GET /here HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';
const cleanUp: (() => void)[] = [];

afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo();
});

/** A server that answers by `http` what was passed on to it, and by `us` what was taken. Its timers run when told. */
async function start(onLook: () => void = () => undefined) {
  const server = createServer((request, response) => void response.end(`http ${request.url}`));
  const timers: (() => void)[] = [];
  const taken: { head: RequestHead; rest: string }[] = [];
  const sockets: Socket[] = [];
  server.on('upgrade', (request, socket, rest) => {
    socket.end(`http upgrade ${request.url} ${rest.toString()}`);
  });
  const firstChunks = new FirstChunks({
    server,
    event: 'connection',
    patienceMs: 5000,
    clock: { setTimer: (callback) => (timers.push(callback), () => void timers.splice(timers.indexOf(callback), 1)) },
    accept(request, socket, rest) {
      onLook();
      if (request.url === '/echo') {
        socket.write(rest);
        socket.on('data', (chunk) => socket.write(chunk));
        return true;
      }
      if (request.url !== '/here') return false;
      taken.push({ head: request, rest: rest.toString() });
      socket.end(`us ${request.url}`);
      return true;
    },
  });
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(() => {
    server.close();
    server.closeAllConnections();
    firstChunks.close();
  });
  const { port } = server.address() as AddressInfo;
  const tick = (): void => timers.splice(0).forEach((callback) => callback());
  return { server, firstChunks, port, taken, timers, tick, sockets };
}

async function dial(port: number) {
  const socket = connect(port, '127.0.0.1');
  cleanUp.push(() => socket.destroy());
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString()));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return { socket, read: () => received, ended: once(socket, 'close') };
}

const connections = (server: ReturnType<typeof createServer>): Promise<number> =>
  new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error as Error) : resolve(count))),
  );

describe('FirstChunks', () => {
  it('looks at 16 in a turn of the event loop, and loses nothing of those that wait', async () => {
    let turn = 0;
    let counting: NodeJS.Immediate;
    const count = (): void => {
      turn++;
      counting = setImmediate(count);
    };
    const looks: number[] = [];
    const { port, sockets } = await start(() => (looks[turn] = (looks[turn] ?? 0) + 1));
    const dialled = await Promise.all(Array.from({ length: 120 }, () => dial(port)));
    await expect.poll(() => sockets.length).toBe(120);
    count();
    cleanUp.push(() => clearImmediate(counting));
    const isPlain = (i: number): boolean => i % 2 === 0;
    for (const [i, { socket }] of dialled.entries()) {
      socket.setNoDelay(true);
      socket.write(isPlain(i) ? `GET /plain/${i} HTTP/1.1\r\n` : `${head.replace('/here', '/echo')}first `);
    }
    // While most of them wait.
    for (const [i, { socket }] of dialled.entries()) socket.write(isPlain(i) ? 'Host: x\r\n\r\n' : `second ${i}.`);
    for (const [i, { read }] of dialled.entries())
      await expect.poll(read).toContain(isPlain(i) ? `http /plain/${i}` : `first second ${i}.`);
    expect(Math.max(...looks.filter((times) => times > 0))).toBeLessThanOrEqual(16);
    expect(looks.reduce((sum, times) => sum + times, 0)).toBeGreaterThanOrEqual(60);
  });

  it('forgets one that breaks while it waits, and ends those that wait when it closes', async () => {
    const { server, firstChunks, port, sockets, taken } = await start();
    const dialled = await Promise.all(Array.from({ length: 40 }, () => dial(port)));
    await expect.poll(() => sockets.length).toBe(40);
    // All of them in one turn: none has been looked at but the first eight.
    for (const socket of sockets) socket.emit('data', Buffer.from(head));
    expect(taken).toHaveLength(8);
    sockets[20]!.destroy(new Error('It broke.'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toHaveLength(16);
    firstChunks.close();
    await expect.poll(() => connections(server)).toBe(0);
    expect(taken).toHaveLength(16);
    for (const { ended } of dialled) await ended;
  });

  it('offers a whole upgrade, and what follows it', async () => {
    const { port, taken } = await start();
    const { socket, read } = await dial(port);
    socket.write(`${head}early`);
    await expect.poll(read).toBe('us /here');
    expect(taken).toMatchObject([{ head: { url: '/here', headers: { host: 'x' } }, rest: 'early' }]);
  });

  it.each([
    ['an upgrade that is not wanted', [`${head.replace('/here', '/there')}early`], 'http upgrade /there early'],
    ['one that is not simple', [head.replace('Host', 'Cookie: a\r\nCookie: b\r\nHost')], 'http upgrade /here '],
    ['one in two parts', [head.slice(0, 30), head.slice(30)], 'http upgrade /here '],
    ['one byte, then the rest', [head.slice(0, 1), head.slice(1)], 'http upgrade /here '],
    ['a plain request', ['GET /plain HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'], 'http /plain'],
    [
      'a request with a body',
      ['POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\na', 'bc'],
      'http /body',
    ],
    ['nonsense', ['nonsense\r\n\r\n'], 'HTTP/1.1 400 Bad Request'],
  ])('passes on %s', async (_, parts, answer) => {
    const { port, taken } = await start();
    const { socket, read } = await dial(port);
    socket.setNoDelay(true);
    for (const part of parts) {
      socket.write(part);
      // So that each part is a chunk of its own.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    }
    await expect.poll(read).toContain(answer);
    expect(taken).toEqual([]);
  });

  it('passes on every request of a connection that is kept alive', async () => {
    const { port } = await start();
    const { socket, read } = await dial(port);
    socket.write('GET /1 HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(read).toContain('http /1');
    socket.write('GET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(read).toContain('http /2');
    socket.write(head);
    await expect.poll(read).toContain('http upgrade /here');
  });

  it('leaves the silent to the HTTP server, by one timer, and speaks for it no more', async () => {
    const { port, taken, timers, tick, sockets } = await start();
    const [first, second] = [await dial(port), await dial(port)];
    await expect.poll(() => sockets.length).toBe(2);
    expect(timers).toHaveLength(1);
    const listeners = (): number[] => sockets.map((socket) => socket.listenerCount('drain'));
    const before = listeners();
    tick();
    expect(listeners()).toEqual(before);
    tick();
    // The HTTP server has attached itself.
    expect(listeners().every((count, i) => count > before[i]!)).toBe(true);
    expect(timers).toHaveLength(0);
    for (const { socket, read } of [first, second]) {
      socket.write(head);
      await expect.poll(read).toBe('http upgrade /here ');
    }
    expect(taken).toEqual([]);
  });

  it('needs no timer when all have spoken', async () => {
    const { port, timers, tick } = await start();
    const { socket, read } = await dial(port);
    socket.write(head);
    await expect.poll(read).toBe('us /here');
    tick();
    expect(timers).toHaveLength(0);
  });

  it('lets go of a peer that leaves without a word, or breaks', async () => {
    const { server, port, sockets, tick, timers } = await start();
    const [leaving, broken] = [await dial(port), await dial(port)];
    await expect.poll(() => sockets.length).toBe(2);
    leaving.socket.end();
    await leaving.ended;
    broken.socket.resetAndDestroy();
    await expect.poll(() => connections(server)).toBe(0);
    tick();
    expect(timers).toHaveLength(0);
  });

  it('ends the silent when it closes', async () => {
    const { firstChunks, port, sockets, timers } = await start();
    const { ended } = await dial(port);
    await expect.poll(() => sockets.length).toBe(1);
    firstChunks.close();
    await ended;
    expect(timers).toHaveLength(0);
  });

  it('does not touch a connection that agreed on another protocol', async () => {
    const { server, port, timers, sockets } = await start();
    server.prependOnceListener('connection', (socket) => Object.assign(socket, { alpnProtocol: 'h2' }));
    const { socket, read } = await dial(port);
    await expect.poll(() => sockets.length).toBe(1);
    expect(timers).toHaveLength(0);
    socket.write(head);
    await expect.poll(read).toBe('http upgrade /here ');
  });
});
