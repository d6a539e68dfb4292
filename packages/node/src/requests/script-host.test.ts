import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { type IncomingMessage, createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { startNode } from '../testing/requests.js';
import { ScriptHost } from './script-host.js';

const text = 'var longwave = 1;\n'.repeat(100);

async function start(endpoint = '/longwave') {
  const folder = await mkdtemp(path.join(tmpdir(), 'longwave-script-'));
  await writeFile(path.join(folder, 'longwave.js'), text);
  const errors: string[] = [];
  const host = new ScriptHost({
    path: endpoint,
    gate: { admitsHost: ({ headers }) => headers.host !== 'evil.test' },
    logger: { error: (message) => errors.push(message), info: () => undefined },
    folder: pathToFileURL(`${folder}/`),
  });
  const server = createServer((request, response) => {
    if (!host.handle(request, response)) response.writeHead(418).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true });
  });
  const { port } = server.address() as AddressInfo;
  // Not by fetch, which decodes what it gets.
  const ask = async (target: string, headers: Record<string, string> = {}, method = 'GET') => {
    const asked = httpRequest({ host: '127.0.0.1', port, path: target, headers, method }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    return { status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) };
  };
  return { ask, errors, folder };
}

it('HTTP-24: gives the script with its type, and leaves other paths alone', async () => {
  const { ask } = await start();
  const { status, headers, body } = await ask('/longwave.js');
  expect([status, body.toString()]).toEqual([200, text]);
  expect(headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, no-cache',
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
    vary: 'Accept-Encoding',
  });
  for (const other of ['/longwave', '/longwave.js/x', '/other.js', '/longwave.json']) {
    expect((await ask(other)).status).toBe(418);
  }
});

it.each([
  ['gzip, br;q=0.9', 'br', brotliDecompressSync],
  ['gzip;q=0.5', 'gzip', gunzipSync],
  ['br;q=0, *', 'gzip', gunzipSync],
  ['deflate', undefined, (body: Buffer) => body],
  ['br;q=0.0, gzip;q=0', undefined, (body: Buffer) => body],
] as const)('HTTP-24: to who takes %s it comes as %s', async (accepted, coding, decode) => {
  const { ask } = await start();
  const { headers, body } = await ask('/longwave.js', { 'accept-encoding': accepted });
  expect(headers['content-encoding']).toBe(coding);
  expect(decode(body).toString()).toBe(text);
  const again = await ask('/longwave.js', { 'accept-encoding': accepted, 'if-none-match': headers.etag! });
  expect([again.status, again.body.length]).toEqual([304, 0]);
});

it('HTTP-24: may be kept under the name of its version alone', async () => {
  const { ask } = await start();
  const { headers } = await ask('/longwave.js');
  const version = headers.etag!.slice(1, -1);
  expect((await ask(`/longwave.js?v=${version}`)).headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect((await ask('/longwave.js?v=older')).headers['cache-control']).toBe('public, no-cache');
});

it('HTTP-24: takes GET and HEAD, from a host that may ask', async () => {
  const { ask } = await start();
  const head = await ask('/longwave.js', {}, 'HEAD');
  expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, String(text.length), 0]);
  const posted = await ask('/longwave.js', {}, 'POST');
  expect([posted.status, posted.headers.allow]).toEqual([405, 'GET, HEAD']);
  expect((await ask('/longwave.js', { host: 'evil.test' })).status).toBe(403);
});

it('answers 404 where the file is missing, says so, and looks again', async () => {
  const { ask, errors, folder } = await start();
  expect((await ask('/longwave.mjs')).status).toBe(404);
  expect(errors).toEqual(['A script cannot be served.']);
  await writeFile(path.join(folder, 'longwave.mjs'), text);
  expect((await ask('/longwave.mjs')).status).toBe(200);
});

it.each([
  ['/realtime', '/realtime.js'],
  ['', '/longwave.js'],
])('HTTP-24: stands beside the endpoint %j as %s', async (endpoint, target) => {
  const { ask } = await start(endpoint);
  expect((await ask(target)).status).toBe(200);
});

it('HTTP-24: is off where the server is told so', async () => {
  const { url } = await startNode({ script: false });
  const response = await fetch(`${url}.js`);
  expect([response.status, await response.text()]).toEqual([404, '']);
});
