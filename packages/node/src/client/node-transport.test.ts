import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { type CodecName, createClientCodec } from '@longwave/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer } from '../server/create-server.js';
import { NodeWebSocket, type NodeWebSocketOptions } from './node-web-socket.js';
import { type NodeLink, nodeTransport } from './node-transport.js';

it('CLI-14: tells that nothing listens where the connection was refused', async () => {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const close = await new Promise((onClose) => {
    const ignore = (): void => undefined;
    nodeTransport().connect(`http://127.0.0.1:${port}`, 'json', { onOpen: ignore, onMessage: ignore, onClose });
  });
  expect(close).toMatchObject({ code: 1006, unanswered: 'refused' });
});

async function serve(): Promise<string> {
  const server = createServer({ channels: {} });
  server.websocket(
    '/echo',
    (socket, { headers, url }) => {
      socket.send(`${headers['host'] as string} ${headers['x-name'] as string} ${url} ${socket.protocol}`);
      socket.onMessage = (data) => void socket.send(data);
    },
    { protocols: ['echo'], compress: true },
  );
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  return `http://127.0.0.1:${port}`;
}

/** A TCP server that does with each connection what the test says. */
async function tcp(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A socket whose events are written down. */
function open(url: string, options: NodeWebSocketOptions = {}) {
  const events: string[] = [];
  const messages: (string | Uint8Array)[] = [];
  let wake = (): void => undefined;
  const note = (event: string): void => {
    events.push(event);
    wake();
  };
  const socket = new NodeWebSocket(url, options, {
    onOpen: (protocol) => note(`open ${protocol}`),
    onMessage: (data) => {
      messages.push(data);
      note('message');
    },
    onPong: (payload) => note(`pong ${Buffer.from(payload).toString()}`),
    onClose: (code, reason) => note(`close ${code} ${reason}`),
  });
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { socket, events, messages, until };
}

describe('NodeWebSocket', () => {
  it.each([false, true])(
    'carries texts and bytes of all lengths, with its headers, compressed: %s',
    async (compress) => {
      const url = await serve();
      const { socket, events, messages, until } = open(`${url}/echo?q=1`, {
        protocols: ['echo'],
        headers: { 'X-Name': 'Ada' },
        compress,
      });
      await until(() => messages.length === 1);
      expect(events[0]).toBe('open echo');
      expect(messages[0]).toBe(`${new URL(url).host} Ada /echo?q=1 echo`);
      const sent = [
        '',
        'é😀',
        'x'.repeat(125),
        'x'.repeat(126),
        'y'.repeat(70_000),
        Uint8Array.of(),
        Uint8Array.of(0, 255),
      ];
      for (const data of sent) socket.send(data);
      socket.ping(Buffer.from('last'));
      await until(() => events.includes('pong last'));
      expect(messages.slice(1).map((data) => (typeof data === 'string' ? data : Uint8Array.from(data)))).toEqual(sent);
      socket.close(4001, 'enough');
      await until(() => events.at(-1)!.startsWith('close'));
      expect(events.at(-1)).toMatch(/^close 4001/);
      expect(socket.open).toBe(false);
      expect(socket.send('too late')).toBe(false);
    },
  );

  it('says why it did not open', async () => {
    const url = await serve();
    const reasons = async (target: string, options?: NodeWebSocketOptions) => {
      const { events, until } = open(target, options);
      await until(() => events.length > 0);
      return events;
    };
    expect(await reasons(`${url}/nothing`)).toEqual([expect.stringMatching(/^close 1006 .*answered 404/)]);
    const silent = await tcp(() => undefined);
    expect(await reasons(silent, { handshakeTimeoutMs: 50 })).toEqual(['close 1006 The handshake took too long.']);
    const rude = await tcp((socket) => socket.end());
    expect(await reasons(rude)).toEqual(['close 1006 The connection was closed.']);
    const { port } = new URL(await tcp(() => undefined));
    const plain = await tcp((socket) => socket.end('SSH-2.0-x\r\n\r\n'));
    expect(await reasons(plain)).toEqual([expect.stringMatching(/^close 1006 .*not HTTP/)]);
    expect(await reasons(`wss://127.0.0.1:${port}`, { handshakeTimeoutMs: 50 })).toHaveLength(1);
    const gone = createTcpServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const free = (gone.address() as AddressInfo).port;
    gone.close();
    await once(gone, 'close');
    expect(await reasons(`ws://127.0.0.1:${free}`)).toEqual([expect.stringMatching(/^close 1006 .*ECONNREFUSED/)]);
  });

  it('reads a first message that came together with the handshake, and notices a connection that broke', async () => {
    const { createHash } = await import('node:crypto');
    const url = await tcp((socket) => {
      socket.once('data', (request: Buffer) => {
        const [, key] = /Sec-WebSocket-Key: (\S+)/.exec(request.toString())!;
        const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
        const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
        socket.end(Buffer.concat([Buffer.from(head), Buffer.of(0x81, 2, 0x68, 0x69)]));
      });
    });
    const { events, messages, until } = open(url);
    await until(() => events.length === 3);
    expect(events).toEqual(['open undefined', 'message', expect.stringMatching(/^close 1006/)]);
    expect(messages).toEqual(['hi']);
  });

  it('gives up before it opened', async () => {
    const url = await tcp(() => undefined);
    const { socket, events, until } = open(url);
    socket.close();
    await until(() => events.length > 0);
    expect(events).toEqual(['close 1006 It was closed before it opened.']);
  });

  it('throws on what can be no address and on headers that would split the request', () => {
    expect(() => open('ftp://127.0.0.1')).toThrow(TypeError);
    expect(() => open('no address')).toThrow(TypeError);
    expect(() => open('ws://127.0.0.1:1', { headers: { a: 'b\r\nc: d' } })).toThrow('header');
  });
});

describe('nodeTransport', () => {
  const session = async (
    url: string,
    codec: CodecName,
    events: string[],
  ): Promise<{ link: NodeLink; ended: Promise<void> }> => {
    const wire = createClientCodec(codec);
    let link!: NodeLink;
    let finish!: () => void;
    const ended = new Promise<void>((resolve) => (finish = resolve));
    await new Promise<void>((resolve) => {
      link = nodeTransport().connect(url, codec, {
        onOpen: () => {
          events.push('open');
          link.send(wire.encode({ type: 'connect', version: 1, client: 'c' }));
        },
        onMessage: (message) => {
          events.push(...wire.decode(message).map(({ type }) => type));
          resolve();
        },
        onClose: ({ code }) => {
          events.push(`close ${code}`);
          resolve();
          finish();
        },
      });
    });
    return { link, ended };
  };

  it.each(['json', 'binary'] as const)('WIRE-2: speaks %s by its subprotocol', async (codec) => {
    const events: string[] = [];
    const { link } = await session(`${await serve()}/longwave`, codec, events);
    expect(events).toEqual(['open', 'connected']);
    expect(link.bufferedBytes).toBe(0);
    link.close(1000);
    link.send('nothing comes of it');
    expect(events).toEqual(['open', 'connected']);
  });

  it('WIRE-17: sends what comes before it is open with its request, or once it is open', async () => {
    const wire = createClientCodec('json');
    const url = `${await serve()}/longwave`;
    const types = await new Promise<string[]>((resolve) => {
      const heard: string[] = [];
      const link = nodeTransport().connect(url, 'json', {
        onOpen: () => heard.push('open'),
        onMessage: (message) => {
          heard.push(...wire.decode(message).map(({ type }) => type));
          if (heard.includes('pong')) resolve(heard);
        },
        onClose: () => resolve(heard),
      });
      link.send(wire.encode({ type: 'connect', version: 1, client: 'c' }));
      link.send(wire.encode({ type: 'ping' }));
    });
    expect(types).toEqual(['open', 'connected', 'pong']);
  });

  it('passes the code on with which the server closed', async () => {
    const events: string[] = [];
    const server = createServer({ channels: {} });
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const { ended } = await session(`http://127.0.0.1:${port}/longwave`, 'json', events);
    await server.close();
    await ended;
    expect(events.at(-1)).toBe('close 4504');
  });

  it('takes a server that does not choose the subprotocol for one that does not speak it', async () => {
    const events: string[] = [];
    const url = `${await serve()}/echo`;
    await session(url, 'json', events);
    expect(events).toEqual(['close 1002']);
  });
});
