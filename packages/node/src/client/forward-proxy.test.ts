import { createClientCodec, createEventReader } from '@longwave/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer } from '../server/create-server.js';
import { type NodeRequestOptions, nodeRequest } from './node-request.js';
import { NodeWebSocket } from './node-web-socket.js';
import { startForwardProxy } from './testing/forward-proxy-server.js';
import { cert, key } from './testing/certificate.js';

const codec = createClientCodec('json');
const connect = codec.encode({ type: 'connect', version: 1, client: 'c' });
const body = codec.join([connect, codec.encode({ type: 'ping' })]);

async function serve(isSecure: boolean): Promise<string> {
  const server = createServer({ channels: {}, ...(isSecure && { tls: { cert, key } }) });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  return `http${isSecure ? 's' : ''}://127.0.0.1:${port}`;
}

/** The types of the frames that come, and whether the response came to its end. */
function post(
  url: string,
  options: NodeRequestOptions,
): Promise<{ readonly types: string[]; readonly complete: boolean }> {
  const read = createEventReader('json');
  const types: string[] = [];
  return new Promise((resolve) => {
    nodeRequest(options)(url, body, {
      onPiece: (piece) => void types.push(...read(piece).flatMap((text) => codec.decode(text).map(({ type }) => type))),
      onEnd: (complete) => resolve({ types, complete }),
    });
  });
}

/** How a WebSocket ended, after it said `connect`. */
function talk(url: string, options: ConstructorParameters<typeof NodeWebSocket>[1]): Promise<string> {
  return new Promise((resolve) => {
    const socket = new NodeWebSocket(
      `${url}/longwave`,
      { ...options, protocols: ['longwave.v1.json'] },
      {
        onOpen: () => void socket.send(String(connect)),
        onMessage: (text) => {
          resolve(String(text));
          socket.close(1000);
        },
        onClose: (code, reason) => resolve(`${code} ${reason}`),
      },
    );
  });
}

describe.each([false, true])('through a forward proxy, with TLS: %s', (isSecure) => {
  const tls = { ca: cert };

  it('goes a WebSocket, in a tunnel', async () => {
    const url = await serve(isSecure);
    const proxy = await startForwardProxy();
    expect(await talk(url, { proxy: proxy.url, tls })).toContain('"connected"');
    expect(proxy.asked).toEqual([`CONNECT ${new URL(url).host}`]);
  });

  it('go requests, and connections are used again', async () => {
    const url = await serve(isSecure);
    const proxy = await startForwardProxy('ada:p@ss word');
    const request = nodeRequest({ proxy: proxy.url, tls });
    for (let i = 0; i < 2; i++) {
      await new Promise<void>((resolve, reject) => {
        const onEnd = (complete: boolean): void => (complete ? resolve() : reject(new Error('It was cut off.')));
        request(`${url}/longwave/send`, body, { onPiece: () => undefined, onEnd });
      });
    }
    const ask = isSecure ? [`CONNECT ${new URL(url).host}`] : Array<string>(2).fill(`POST ${url}/longwave/send`);
    expect(proxy.asked).toEqual(ask);
    const answer = await post(`${url}/longwave/send`, { proxy: proxy.url, tls });
    expect(answer).toEqual({ types: ['connected', 'pong'], complete: true });
  });

  it('goes nothing that the proxy does not let through, and its word is passed on', async () => {
    const url = await serve(isSecure);
    const proxy = await startForwardProxy('ada:secret');
    const stranger = proxy.url.replace('ada', 'bob');
    expect(await talk(url, { proxy: stranger, tls })).toBe(
      `1006 The proxy answered 407 to CONNECT ${new URL(url).host}.`,
    );
    expect(await post(`${url}/longwave/send`, { proxy: stranger, tls })).toEqual({ types: [], complete: false });
  });

  it('goes nothing when there is no proxy', async () => {
    const url = await serve(isSecure);
    const { port } = new URL(await serve(false));
    // It is an HTTP server, and no proxy.
    const proxy = `http://127.0.0.1:${port}`;
    expect(await talk(url, { proxy, tls })).toMatch(/^1006 The proxy at 127\.0\.0\.1:\d+ /);
    if (isSecure) expect((await post(`${url}/longwave/send`, { proxy, tls })).complete).toBe(false);
  });
});

it('gives up while the proxy is asked', async () => {
  const { url } = await startForwardProxy();
  const ended = await new Promise<string>((resolve) => {
    const socket = new NodeWebSocket(
      'ws://127.0.0.1:1',
      { proxy: url },
      { onClose: (code, why) => resolve(`${code} ${why}`) },
    );
    expect(socket.bufferedBytes).toBe(0);
    socket.close();
  });
  expect(ended).toBe('1006 It was closed before it opened.');
});

it('makes requests without a proxy, too, and ends one that takes too long or is given up', async () => {
  const url = `${await serve(true)}/longwave`;
  const tls = { ca: cert };
  expect(await post(`${url}/send`, { tls })).toEqual({ types: ['connected', 'pong'], complete: true });
  expect(await post(`${url}/nothing`, { tls })).toEqual({ types: [], complete: false });
  expect((await post(url.replace('127.0.0.1', 'localhost'), {})).complete).toBe(false);
  const ends: boolean[] = [];
  await new Promise<void>((resolve) => {
    const onEnd = (complete: boolean): void => {
      ends.push(complete);
      resolve();
    };
    nodeRequest({ tls })(`${url}/stream`, body, { onPiece: () => undefined, onEnd }, 50);
  });
  await new Promise<void>((resolve) => {
    const giveUp = nodeRequest({ tls })(`${url}/stream`, body, {
      onPiece: () => {
        giveUp();
        resolve();
      },
      onEnd: (complete) => ends.push(complete),
    });
  });
  expect(ends).toEqual([false]);
});

it('throws on what is no address of a proxy', () => {
  for (const proxy of ['proxy:3128', 'https://proxy', 'socks5://proxy', '']) {
    expect(() => nodeRequest({ proxy })).toThrow('is no address of a proxy');
    expect(() => new NodeWebSocket('ws://127.0.0.1:1', { proxy }, {})).toThrow(TypeError);
  }
});
