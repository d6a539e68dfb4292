import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createServerCodec, subprotocols } from '@longwave/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { LinkClose } from '../base/ports.js';
import { binaryCodec, connect } from '../connect.js';
import { connectedFrame } from '../testing/harness.js';
import { type WebSocketConstructor, webSocketTransport } from './web-socket.js';

// The types of `ws` say more than is used here.
const Constructor = WebSocket as unknown as WebSocketConstructor;
const servers: WebSocketServer[] = [];

async function listen(): Promise<{ server: WebSocketServer; url: string }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  servers.push(server);
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const socket of server.clients) socket.terminate();
    server.close();
  }
});

describe('webSocketTransport', () => {
  it.each(['json', 'binary'] as const)('WIRE-2: carries %s under its subprotocol, both ways', async (name) => {
    const { server, url } = await listen();
    const codec = createServerCodec(name);
    const heard: string[] = [];
    server.on('connection', (socket, request) => {
      heard.push(socket.protocol, request.url ?? '');
      socket.on('message', (data: Buffer, isBinary) => {
        for (const frame of codec.decode(isBinary ? new Uint8Array(data) : data.toString())) {
          heard.push(frame.type);
          if (frame.type === 'connect') socket.send(codec.encode(connectedFrame()));
          if (frame.type === 'call') socket.send(codec.encode({ type: 'reply', id: frame.id, data: frame.data }));
        }
      });
    });
    const client = connect(url, {
      codec: name === 'json' ? name : binaryCodec(),
      transport: webSocketTransport({ WebSocket: Constructor }),
    });
    await expect(client.call('echo', { text: 'é' })).resolves.toEqual({ text: 'é' });
    expect(heard).toEqual([subprotocols[name], '/longwave', 'connect', 'call']);
    const [socket] = server.clients;
    const closed = once(socket!, 'close');
    client.close();
    expect((await closed)[0]).toBe(1000);
  });

  /** Frames of the message in the offer of a request. */
  const firstFrames = (offered: string): string[] => {
    const [, text = ''] = /longwave\.first\.([\w-]+)/.exec(offered) ?? [];
    return createServerCodec('json')
      .decode(Buffer.from(text, 'base64url').toString())
      .map(({ type }) => type);
  };

  it('WIRE-17, CLI-20: connects and subscribes in the opening request, and publishes once it is open', async () => {
    const { server, url } = await listen();
    server.options.handleProtocols = () => `${subprotocols.json}.first`;
    const heard: string[][] = [];
    const published = new Promise<void>((resolve) => {
      server.on('connection', (socket, request) => {
        heard.push(firstFrames(String(request.headers['sec-websocket-protocol'])));
        socket.on('message', (data: Buffer) => {
          heard.push(
            createServerCodec('json')
              .decode(data.toString())
              .map(({ type }) => type),
          );
          resolve();
        });
      });
    });
    const client = connect(url, { codec: 'json', transport: webSocketTransport({ WebSocket: Constructor }) });
    client.channel('a').subscribe(() => undefined);
    client
      .channel('a')
      .publish('hi')
      .catch(() => undefined);
    await published;
    expect(heard).toEqual([['connect', 'subscribe'], ['publish']]);
    client.close();
  });

  it('CLI-20: goes without a message in its request after an attempt that failed with one', async () => {
    const offers: string[] = [];
    const { server, url } = await listen();
    server.options.verifyClient = ({ req }: { req: { headers: NodeJS.Dict<string | string[]> } }) => {
      offers.push(String(req.headers['sec-websocket-protocol']));
      return offers.length > 1;
    };
    const joined = new Promise<string>((resolve) => {
      server.on('connection', (socket) => socket.on('message', (data: Buffer) => resolve(data.toString())));
    });
    const client = connect(url, { codec: 'json', transport: webSocketTransport({ WebSocket: Constructor }) });
    expect(await joined).toContain('"type":"connect"');
    expect(offers.map((offered) => offered.includes('longwave.first.'))).toEqual([true, false]);
    client.close();
  });

  it('tells the code and the reason of a close, once', async () => {
    const { server, url } = await listen();
    server.on('connection', (socket) => socket.close(4409, 'elsewhere'));
    const close = await new Promise<LinkClose>((resolve) => {
      webSocketTransport({ WebSocket: Constructor }).connect(url, 'json', {
        onOpen: () => {},
        onMessage: () => {},
        onLost: () => {},
        onRenew: () => {},
        onClose: resolve,
      });
    });
    expect(close).toEqual({ code: 4409, reason: 'elsewhere' });
  });

  it('CLI-7: an error while it connects ends the attempt, once, whether a close event follows or not (Node 22)', async () => {
    const closes: LinkClose[] = [];
    const made: { readyState: number; onerror?: () => void; onclose?: (close: LinkClose) => void }[] = [];
    class Failing {
      readyState = 0;
      constructor() {
        made.push(this);
      }
    }
    const transport = webSocketTransport({ WebSocket: Failing as unknown as WebSocketConstructor });
    const events = { onOpen: () => {}, onMessage: () => {}, onLost: () => {}, onRenew: () => {} };
    transport.connect('http://a.test', 'json', { ...events, onClose: (close) => closes.push(close) });
    await Promise.resolve()
      .then(() => {})
      .then(() => {})
      .then(() => {});
    made[0]!.onerror!();
    made[0]!.onerror!();
    made[0]!.onclose!({ code: 1006, reason: '' });
    expect(closes).toEqual([{ code: 1006, reason: '' }]);
  });

  it('tells of a server that is not there, and nothing after close()', async () => {
    const { server, url } = await listen();
    server.close();
    await once(server, 'close');
    const transport = webSocketTransport({ WebSocket: Constructor });
    const onClose = vi.fn<(close: LinkClose) => void>();
    const given = { onOpen: () => {}, onMessage: () => {}, onLost: () => {}, onRenew: () => {} };
    const closed = transport.connect(url, 'json', { ...given, onClose });
    closed.close();
    await new Promise<void>((resolve) => {
      transport.connect(url, 'json', { ...given, onClose: () => resolve() });
    });
    expect(onClose).not.toHaveBeenCalled();
  });

  it('throws where the host has no WebSocket and none is given', () => {
    vi.stubGlobal('WebSocket', undefined);
    try {
      expect(() => webSocketTransport()).toThrow(TypeError);
      expect(() => connect('http://server.test', { transport: 'websocket' })).toThrow(TypeError);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
