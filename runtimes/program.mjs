// The server that is tried, on whatever runs it: `node program.mjs listen`, `attach`, or `bun` for the host for Bun.
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import process from 'node:process';
import { defineCalls, defineChannels, log } from 'longwave';

const host = process.argv[2];
const { createServer } = await import(host === 'bun' ? 'longwave/bun' : 'longwave');
const pem = readFileSync(new URL('../packages/node/src/testing/localhost.pem', import.meta.url));
const tls = { key: pem, cert: pem };

/** Publishes so many messages of a thousand characters. */
async function flood(count) {
  for (let i = 1; i <= count; i++) {
    void plain.channel('chat/flood').publish(`${i} ${'x'.repeat(1000)}`);
    if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return plain.engine.stats.delivered;
}

function make(options) {
  return createServer({
    channels: defineChannels({ 'chat/:room': log({ retain: { maxCount: 100_000, maxBytes: 256 * 1024 * 1024 } }) }),
    calls: defineCalls({ flood: { input: undefined, handle: flood } }),
    authenticate: () => ({}),
    http: { apiKeys: ['key'] },
    logger: { error: (...words) => console.error(...words), info: () => undefined },
    ...options,
  });
}

async function open(server, secure) {
  if (host !== 'attach') return (await server.listen({ port: 0, host: '127.0.0.1' })).port;
  const answer = (request, response) => server.handleRequest(request, response) || response.writeHead(404).end();
  const http = secure ? createHttpsServer(tls, answer) : createHttpServer(answer);
  server.attach(http);
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  return http.address().port;
}

const plain = make({});
const secure = make({ tls });
const ports = { port: await open(plain, false), tlsPort: await open(secure, true) };
console.log(JSON.stringify(ports));
process.stdin.once('data', () => {
  void Promise.all([plain.close(), secure.close()]).then(() => process.exit(0));
});
