import { once } from 'node:events';
import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { fetchDocument, maxDocumentBytes } from './fetch-document.js';

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
}

it('returns the document', async () => {
  const url = await serve((_, response) => response.end('{"keys":[]}'));
  expect(await fetchDocument(url)).toEqual({ keys: [] });
});

it.each([301, 302, 303, 307, 308])('follows no redirect: %d', async (status) => {
  const asked: unknown[] = [];
  const url = await serve((request, response) => {
    asked.push(request.url);
    response.writeHead(status, { location: '/other' }).end('{"keys":[]}');
  });
  await expect(fetchDocument(url)).rejects.toThrow(`It answers ${status}, and redirects are not followed.`);
  expect(asked).toEqual(['/jwks']);
});

it.each([204, 404, 500])('takes no other status than 200: %d', async (status) => {
  const url = await serve((_, response) => response.writeHead(status).end());
  await expect(fetchDocument(url)).rejects.toThrow(`It answers ${status}.`);
});

it('shows nothing of an answer that is no JSON', async () => {
  const url = await serve((_, response) => response.end('secret'));
  await expect(fetchDocument(url)).rejects.toThrow('Its answer is no JSON.');
});

it('reads no more than its limit, and ends the connection of an answer without an end', async () => {
  const ended: Promise<unknown>[] = [];
  const url = await serve((_, response) => {
    ended.push(once(response, 'close'));
    const write = (): void => {
      while (response.write('x'.repeat(65_536)));
      response.once('drain', write);
    };
    write();
  });
  await expect(fetchDocument(url)).rejects.toThrow(`longer than ${maxDocumentBytes} bytes`);
  await ended[0];
});

it('counts the bytes of a compressed answer as they come out', async () => {
  const bomb = gzipSync(' '.repeat(64 * 1024 * 1024));
  const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
  await expect(fetchDocument(url)).rejects.toThrow(`longer than ${maxDocumentBytes} bytes`);
});
