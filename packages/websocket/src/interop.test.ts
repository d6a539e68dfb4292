import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { ClientHandshake, createConnectionSettings, type DeflateWish, type WebSocketConnection } from './index.js';
import { openConnection } from './node/index.js';
import { type EchoServer, startEchoServer } from './testing/echo-server.js';
import { ports } from './testing/recorder.js';

// Against implementations that are not ours, over real sockets.

const TEXTS = ['', 'a', 'κόσμε 👋', 'x'.repeat(125), 'y'.repeat(126), 'abc '.repeat(5000), 'ö'.repeat(100_000)];
const WISHES: (DeflateWish | false)[] = [
  false,
  {},
  { serverNoContextTakeover: false, clientNoContextTakeover: false },
  { serverMaxWindowBits: 9, clientMaxWindowBits: 10 },
  { serverNoContextTakeover: false, clientNoContextTakeover: false, serverMaxWindowBits: 10, clientMaxWindowBits: 9 },
];

describe.each(WISHES)('the client of ws on this server, compression %j', (deflate) => {
  let server: EchoServer;
  beforeAll(async () => void (server = await startEchoServer({ deflate, protocols: ['echo'] })));
  afterAll(() => server.stop());

  it('gets every message back', async () => {
    const socket = new WebSocket(server.url, ['other', 'echo'], { perMessageDeflate: { threshold: 0 } });
    await once(socket, 'open');
    expect(socket.protocol).toBe('echo');
    expect(socket.extensions !== '').toBe(deflate !== false);
    for (const text of TEXTS) {
      socket.send(text);
      const [data, isBinary] = (await once(socket, 'message')) as [Buffer, boolean];
      expect([data.toString(), isBinary]).toEqual([text, false]);
      socket.send(Buffer.from(text));
      const [bytes, second] = (await once(socket, 'message')) as [Buffer, boolean];
      expect([bytes.toString(), second]).toEqual([text, true]);
    }
    socket.ping('are you there');
    const [pong] = (await once(socket, 'pong')) as [Buffer];
    expect(pong.toString()).toBe('are you there');
    socket.close(4001, 'bye');
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(4001);
    expect(server.closes).toEqual(['4001:bye:clean']);
  });
});

interface Client {
  readonly connection: WebSocketConnection;
  next(): Promise<string | Uint8Array>;
  readonly closed: Promise<string>;
}

async function dial(port: number, deflate: DeflateWish | false): Promise<Client> {
  const socket: Socket = connect(port, '127.0.0.1');
  const handshake = new ClientHandshake({ host: `127.0.0.1:${port}`, deflate }, ports);
  socket.write(handshake.request);
  let result = handshake.receive(new Uint8Array(0));
  while (result.kind === 'incomplete') {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    result = handshake.receive(chunk);
  }
  if (result.kind === 'failed') throw result.error;
  const messages: (string | Uint8Array)[] = [];
  let wake = (): void => undefined;
  let report: (text: string) => void;
  const closed = new Promise<string>((resolve) => (report = resolve));
  const connection = openConnection(
    socket,
    createConnectionSettings({ role: 'client', ports, compressFromBytes: 0 }),
    {
      onMessage(data) {
        messages.push(data);
        wake();
      },
      onClose: (code, reason, clean) => report(`${code}:${reason}:${clean ? 'clean' : 'unclean'}`),
    },
    { deflate: result.deflate, head: result.rest },
  );
  const next = async (): Promise<string | Uint8Array> => {
    while (messages.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return messages.shift()!;
  };
  return { connection, next, closed };
}

describe.each(WISHES)('this client on the server of ws, compression %j', (deflate) => {
  let server: WebSocketServer;
  let port: number;
  beforeAll(async () => {
    const perMessageDeflate = deflate === false ? false : { threshold: 0 };
    server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate });
    server.on('connection', (socket) =>
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
    );
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());

  it('gets every message back, whole and in fragments', async () => {
    const client = await dial(port, deflate);
    for (const text of TEXTS) {
      client.connection.sendText(text);
      expect(await client.next()).toBe(text);
      client.connection.sendBinary(Buffer.from(text), { fragmentBytes: 1000 });
      expect(Buffer.from((await client.next()) as Uint8Array).toString()).toBe(text);
    }
    client.connection.close(4001, 'bye');
    expect(await client.closed).toBe('4001:bye:clean'); // ws echoes the reason too
  });

  it('answers a close that the server begins', async () => {
    server.once('connection', (socket) => socket.close(1001, 'restart'));
    const client = await dial(port, deflate);
    expect(await client.closed).toBe('1001:restart:clean');
  });
});

describe("Node's own WebSocket on this server", () => {
  // A child, as Node 20 has the class behind a flag.
  const program = `
    const socket = new WebSocket(process.argv[1], 'echo');
    socket.binaryType = 'arraybuffer';
    const texts = JSON.parse(process.argv[2]);
    const got = [];
    socket.onopen = () => texts.forEach((text) => { socket.send(text); socket.send(new TextEncoder().encode(text)); });
    socket.onmessage = ({ data }) => {
      got.push(typeof data === 'string' ? data : new TextDecoder().decode(data));
      if (got.length === 2 * texts.length) socket.close(4001, 'bye');
    };
    socket.onclose = ({ code, wasClean }) => console.log(JSON.stringify({ got, code, wasClean, protocol: socket.protocol }));
  `;
  it.each<[string, DeflateWish | false]>([
    ['without', false],
    ['with', {}],
  ])(
    'gets every message back %s compression',
    async (_name, deflate) => {
      const server = await startEchoServer({ protocols: ['echo'], deflate });
      const texts = ['', 'a', 'κόσμε 👋', 'y'.repeat(3000)];
      const flags = Number(process.versions.node.split('.')[0]) < 22 ? ['--experimental-websocket'] : [];
      const args = [...flags, '--no-warnings', '-e', program, server.url, JSON.stringify(texts)];
      const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 15_000 });
      expect(JSON.parse(stdout)).toEqual({
        got: texts.flatMap((text) => [text, text]),
        code: 4001,
        wasClean: true,
        protocol: 'echo',
      });
      expect(server.closes).toEqual(['4001:bye:clean']);
      await server.stop();
    },
    20_000,
  );
});
