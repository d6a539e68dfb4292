import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { FaultLink } from './fault-link.js';

const open: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

/** Answers each piece with its own name before it, and lists who is connected. */
async function startEcho(name: string): Promise<{ port: number; sockets: Socket[]; server: Server }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (piece) => socket.write(`${name}:${piece.toString()}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets, server };
}

async function startLink(targets: readonly number[]): Promise<FaultLink> {
  const link = await FaultLink.start(targets);
  open.push(() => link.stop());
  return link;
}

function dial(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8').on('error', () => undefined);
  open.push(() => void socket.destroy());
  return socket;
}

async function ask(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [answer] = (await once(socket, 'data')) as [string];
  return answer;
}

it('gives each connection to the next target, and to another where one refuses', async () => {
  const [a, b] = [await startEcho('a'), await startEcho('b')];
  const link = await startLink([a.port, b.port]);
  expect(await ask(dial(link.port), '1')).toBe('a:1');
  expect(await ask(dial(link.port), '2')).toBe('b:2');
  link.legs[0]!.refuse();
  expect(await ask(dial(link.port), '3')).toBe('b:3');
  expect(await ask(dial(link.port), '4')).toBe('b:4');
  link.legs[0]!.heal();
  b.server.close();
  expect(await ask(dial(link.port), '5')).toBe('a:5');
  expect(await ask(dial(link.port), '6')).toBe('a:6');
});

it('keeps what is on its way while it is frozen, and gives all of it afterwards', async () => {
  const echo = await startEcho('a');
  const link = await startLink([echo.port]);
  const socket = dial(link.port);
  await ask(socket, '1');
  link.leg.freeze();
  socket.write('2');
  let early = false;
  const onEarly = (): void => void (early = true);
  socket.on('data', onEarly);
  // A connection through another link and back proves that what could have passed has passed.
  await ask(dial((await startLink([echo.port])).port), 'x');
  expect(early).toBe(false);
  socket.off('data', onEarly);
  link.leg.heal();
  expect(await once(socket, 'data')).toEqual(['a:2']);
});

it('breaks both ends of a connection whose one end went while it was frozen, when it heals', async () => {
  const echo = await startEcho('a');
  const link = await startLink([echo.port]);
  const socket = dial(link.port);
  await ask(socket, '1');
  link.leg.freeze();
  const closed = once(echo.sockets[0]!, 'close');
  socket.destroy();
  link.leg.heal();
  await closed;
  await expect.poll(() => link.leg.connections).toBe(0);
});

it('leaves both ends of a half-open connection without a word, and carries new ones', async () => {
  const echo = await startEcho('a');
  const link = await startLink([echo.port]);
  const socket = dial(link.port);
  await ask(socket, '1');
  link.leg.halfOpen();
  let told = false;
  echo.sockets[0]!.once('close', () => (told = true));
  const gone = once(socket, 'close');
  socket.destroy();
  await gone;
  expect(await ask(dial(link.port), '2')).toBe('a:2');
  expect(told).toBe(false);
});

it('delivers what is sliced, slowed down and delayed whole and in order', async () => {
  const echo = await startEcho('a');
  const link = await startLink([echo.port]);
  link.leg.slice(3);
  link.leg.throttle(100_000);
  link.leg.delay(5);
  const socket = dial(link.port);
  const text = 'what is sliced, slowed down and delayed';
  let got = '';
  socket.on('data', (piece) => (got += piece.toString()));
  socket.write(text);
  while (got.replaceAll('a:', '').length < text.length) await once(socket, 'data');
  expect(got.replaceAll('a:', '')).toBe(text);
});

it('cuts what is open, and comes back at its port after a restart', async () => {
  const echo = await startEcho('a');
  const link = await startLink([echo.port]);
  const socket = dial(link.port);
  await ask(socket, '1');
  const closed = once(socket, 'close');
  link.leg.cut();
  await closed;
  const second = dial(link.port);
  await ask(second, '2');
  const secondClosed = once(second, 'close');
  await link.restart();
  await secondClosed;
  expect(await ask(dial(link.port), '3')).toBe('a:3');
});

it('goes to another target when it is told to', async () => {
  const [a, b] = [await startEcho('a'), await startEcho('b')];
  const link = await startLink([a.port]);
  link.leg.target = b.port;
  expect(await ask(dial(link.port), '1')).toBe('b:1');
});
