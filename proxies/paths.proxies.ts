import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { defineChannels, log } from '@longwave/protocol';
import { createServer } from '@longwave/node';
import { expect, it, onTestFinished } from 'vitest';
import { startDeployed } from './harness/proxy.js';

/** The target goes out as it is written, which no HTTP client does. */
async function ask(url: string, target: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${target} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

const hidden = ['/metrics', '/readyz', '/healthz'];
const ways = [
  '',
  '/v1/..',
  '/v1/%2e%2e',
  '/v1/.%2E',
  '/longwave/..',
  '/v1/x/../..',
  '/v1/..%2f..',
  '/v1/..\\..',
  '/v1/%2e%2e%2f',
  '//',
  '/v1;/..',
];

it.each(['nginx', 'haproxy'] as const)(
  '%s as in deploy/ shows what is for the public, and nothing else',
  async (kind) => {
    const server = createServer({
      channels: defineChannels({ ':name': log() }),
      allowedHosts: '*',
      http: { apiKeys: ['key'] },
    });
    onTestFinished(() => server.close());
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const proxy = await startDeployed(kind, port);
    onTestFinished(() => proxy.stop());
    await expect.poll(() => ask(proxy.url(false), '/v1/channels/a/history')).toMatch(/^HTTP\/1.1 200 /);
    expect(await ask(proxy.url(false), '/v1/cluster')).toMatch(/^HTTP\/1.1 401 /);
    for (const target of hidden.flatMap((path) => ways.map((way) => `${way}${path}`))) {
      expect([target, (await ask(proxy.url(false), target)).split('\r\n', 1)[0]]).toEqual([
        target,
        expect.stringMatching(/^HTTP\/1.1 40[014] /),
      ]);
    }
    // The server does not count on the proxy.
    for (const target of hidden.flatMap((path) => ways.slice(1).map((way) => `${way}${path}`))) {
      expect([target, await ask(`http://127.0.0.1:${port}`, target)]).toEqual([
        target,
        expect.stringMatching(/^HTTP\/1.1 40[0134] /),
      ]);
    }
  },
);
