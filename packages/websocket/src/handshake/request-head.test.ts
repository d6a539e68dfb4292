import { type IncomingMessage, createServer } from 'node:http';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listHolds } from './headers.js';
import { parseRequestHead } from './request-head.js';

const UPGRADE =
  'GET /longwave?a=b HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';

const POST =
  'POST /longwave/poll?hold=1 HTTP/1.1\r\nHost: example.com\r\nContent-Type: text/plain\r\nContent-Length: 0';

/** What `node:http` makes of the bytes: what is asked for, or something else. */
function readByNode(head: string, wanted: 'upgrade' | 'request'): Promise<IncomingMessage | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    for (const event of ['upgrade', 'request'] as const)
      server.on(event, (request: IncomingMessage) => resolve(event === wanted ? request : undefined));
    server.on('clientError', () => resolve(undefined));
    const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
    server.emit('connection', socket);
    socket.push(Buffer.from(`${head}\r\n\r\n`, 'latin1'));
    socket.push(null);
    socket.on('close', () => resolve(undefined));
  });
}

describe('parseRequestHead', () => {
  it('reads a handshake', () => {
    expect(parseRequestHead(UPGRADE)).toEqual({
      method: 'GET',
      httpVersion: '1.1',
      url: '/longwave?a=b',
      headers: {
        host: 'example.com',
        upgrade: 'websocket',
        connection: 'keep-alive, Upgrade',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    });
  });

  it('reads a POST whose length is known', () => {
    expect(parseRequestHead(POST)).toEqual({
      method: 'POST',
      httpVersion: '1.1',
      url: '/longwave/poll?hold=1',
      headers: { host: 'example.com', 'content-type': 'text/plain', 'content-length': '0' },
    });
  });

  it('takes off the blanks around a value, and lets it be empty', () => {
    const head = parseRequestHead('GET / HTTP/1.1\r\nA:  x y  \r\nB:\r\nC:d:e');
    expect(head?.headers).toEqual({ a: 'x y', b: '', c: 'd:e' });
  });

  it.each([
    ['no line', ''],
    ['another method', UPGRADE.replace('GET', 'PUT')],
    ['a POST without a length', UPGRADE.replace('GET', 'POST')],
    ['a chunked POST', POST.replace('Content-Length: 0', 'Transfer-Encoding: chunked')],
    ['a POST with two lengths', `${POST}\r\ncontent-length: 0`],
    ['a POST that says its length in both ways', `${POST}\r\nTransfer-Encoding: chunked`],
    ['a POST with an expectation', `${POST}\r\nExpect: 100-continue`],
    ['a tab, which Node does not always take off', UPGRADE.replace('Upgrade\r\n', 'Upgrade\t\r\n')],
    ['a lower-case method', UPGRADE.replace('GET', 'get')],
    ['HTTP/1.0', UPGRADE.replace('HTTP/1.1', 'HTTP/1.0')],
    ['an absolute target', UPGRADE.replace('/longwave', 'http://example.com/longwave')],
    ['a fragment', UPGRADE.replace('?a=b', '#a')],
    ['a space in the target', UPGRADE.replace('?', ' ')],
    ['two spaces', UPGRADE.replace('GET ', 'GET  ')],
    ['a byte beyond ASCII', UPGRADE.replace('a=b', 'a=\xe4')],
    ['such a byte in a value', UPGRADE.replace('example', 'ex\xe4mple')],
    ['a NUL', UPGRADE.replace('example', 'ex\0mple')],
    ['a bare LF', UPGRADE.replace('\r\nUpgrade', '\nUpgrade')],
    ['a bare CR', UPGRADE.replace('\r\nUpgrade', '\rUpgrade')],
    ['a folded line', UPGRADE.replace('keep-alive, ', 'keep-alive,\r\n ')],
    ['a space before the colon', UPGRADE.replace('Host:', 'Host :')],
    ['a field without a name', `${UPGRADE}\r\n: x`],
    ['a field without a colon', `${UPGRADE}\r\nx`],
    ['a repeated field', `${UPGRADE}\r\nhost: example.org`],
    ['a name that objects know', `${UPGRADE}\r\n__proto__: x`],
    ['another such name', `${UPGRADE}\r\nConstructor: x`],
    ['a body', `${UPGRADE}\r\nContent-Length: 1`],
    ['a chunked body', `${UPGRADE}\r\nTransfer-Encoding: chunked`],
    ['an expectation', `${UPGRADE}\r\nExpect: 100-continue`],
    ['an empty line', `${UPGRADE}\r\n`],
    ['more than 64 fields', UPGRADE + Array.from({ length: 60 }, (_, i) => `\r\nX-${i}: y`).join('')],
    ['more than 8 KiB', `${UPGRADE}\r\nCookie: ${'x'.repeat(8192)}`],
  ])('leaves to others: %s', (_, head) => {
    expect(parseRequestHead(head)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseRequestHead(text)));
  });

  const piece = fc.constantFrom(
    ...[
      'a',
      'Z',
      '0',
      '-',
      '_',
      ':',
      ' ',
      '\t',
      '\r\n',
      '\r',
      '\n',
      '\0',
      '\x7f',
      '\xff',
      ',',
      '"',
      ';',
      '/',
      '?',
      '#',
    ],
    ...['close', 'keep-alive', 'upgrade', 'websocket', 'h2c', 'Connection: ', 'Content-Length: 0', 'Cookie: a=b'],
  );
  const noise = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
  const line = fc.tuple(
    fc.constantFrom('X-Any', 'Cookie', 'Origin', 'Keep-Alive', 'Referer', 'Proxy-Connection', 'Age', 'ETag', 'x'),
    noise,
  );
  const broken = fc.tuple(fc.nat(UPGRADE.length), noise, fc.nat(3));

  it('what it takes, node:http reads as the same upgrade or request', async () => {
    const taken = { upgrade: 0, request: 0 };
    const judge = async (text: string): Promise<void> => {
      const head = parseRequestHead(text);
      if (head === undefined) return;
      // Whether it is a handshake at all is for `acceptHandshake` to say, which asks for both.
      const { connection, upgrade } = head.headers;
      const wanted = head.method === 'GET' ? 'upgrade' : 'request';
      if (wanted === 'upgrade' && (!listHolds(connection, 'upgrade') || !listHolds(upgrade, 'websocket'))) return;
      // Those who serve a request look at the length of its body, and at these.
      const { host, 'content-length': length } = head.headers;
      const isPlain = host !== undefined && upgrade === undefined && connection === undefined && length === '0';
      if (wanted === 'request' && !isPlain) return;
      const seen = await readByNode(text, wanted);
      taken[wanted]++;
      expect(seen).toMatchObject({ method: head.method, httpVersion: head.httpVersion, url: head.url });
      expect({ ...seen?.headers }).toEqual(head.headers);
    };
    const lines = fc.array(line, { maxLength: 4 });
    const begun = fc.constantFrom(UPGRADE, POST);
    const written = fc
      .tuple(begun, lines)
      .map(([head, list]) => head + list.map(([name, value]) => `\r\n${name}: ${value}`).join(''));
    const spoiled = fc
      .tuple(begun, broken)
      .map(([head, [at, text, cut]]) => head.slice(0, at) + text + head.slice(at + cut));
    await fc.assert(fc.asyncProperty(fc.oneof(written, spoiled), judge), { numRuns: 2000 });
    expect(Math.min(taken.upgrade, taken.request)).toBeGreaterThan(100);
  });
});
