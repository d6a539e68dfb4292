import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptKey } from './accept-key.js';
import { ClientHandshake, type ClientHandshakeOptions, type ClientHandshakeResult } from './client-handshake.js';
import { acceptHandshake } from './server-handshake.js';
import { concat, hex, ports, utf8 } from '../testing/recorder.js';

const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const crypto = { ...ports, randomBytes: () => Buffer.from(key, 'base64') };
const ACCEPT = `Sec-WebSocket-Accept: ${acceptKey(key, ports)}\r\n`;
const UPGRADE = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';

function shake(response: string, options: Partial<ClientHandshakeOptions> = {}): ClientHandshakeResult {
  const handshake = new ClientHandshake({ host: 'server.example.com', ...options }, crypto);
  return handshake.receive(Buffer.from(response, 'latin1'));
}

function failure(result: ClientHandshakeResult): string {
  return result.kind === 'failed' ? result.error.message : `not failed: ${result.kind}`;
}

describe('the request (RFC 6455 §4.1)', () => {
  it('holds what the RFC asks for', () => {
    const options = { host: 'server.example.com', path: '/chat?a=b', protocols: ['chat', 'superchat'], deflate: {} };
    const headers = { Origin: 'http://example.com' };
    expect(new ClientHandshake({ ...options, headers }, crypto).request).toBe(
      'GET /chat?a=b HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat, superchat\r\n` +
        'Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits\r\n' +
        'Origin: http://example.com\r\n\r\n',
    );
  });

  it.each<[Partial<ClientHandshakeOptions>, RegExp]>([
    [{ path: 'chat' }, /request path/],
    [{ path: '/a b' }, /request path/],
    [{ path: '/a#b' }, /request path/],
    [{ path: '/a\r\nEvil: 1' }, /request path/],
    [{ host: 'a\r\nb' }, /not a host/],
    [{ host: '' }, /not a host/],
    [{ protocols: ['a', 'a'] }, /unique/],
    [{ protocols: ['a b'] }, /unique/],
    [{ headers: { A: '\n' } }, /header field/],
    [{ headers: { Host: 'b' } }, /handshake's own/],
    [{ headers: { 'sec-websocket-key': 'b' } }, /handshake's own/],
    [{ deflate: { serverMaxWindowBits: 99 } }, /from 8 to 15/],
  ])('is not made from %j', (options, message) => expect(() => shake('', options)).toThrow(message));
});

describe('the response', () => {
  it('is accepted, and what follows it is handed on', () => {
    const result = shake(`${UPGRADE}${ACCEPT}Sec-WebSocket-Protocol: chat\r\n\r\n\u0081\u0000`, {
      protocols: ['chat'],
    });
    expect(result).toMatchObject({ kind: 'accepted', protocol: 'chat', deflate: undefined });
    expect(result.kind === 'accepted' && hex(result.rest)).toBe('8100');
  });

  it.each<[string, string, RegExp, Partial<ClientHandshakeOptions>?]>([
    ['another status', 'HTTP/1.1 200 OK\r\n\r\n', /answered 200/],
    ['HTTP/1.0', 'HTTP/1.0 101 Switching\r\n\r\n', /not HTTP\/1.1/],
    ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n', /not HTTP\/1.1/],
    ['no Upgrade', `HTTP/1.1 101 X\r\nConnection: Upgrade\r\n${ACCEPT}\r\n`, /Upgrade header/],
    ['another Upgrade', `HTTP/1.1 101 X\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n${ACCEPT}\r\n`, /Upgrade header/],
    ['no Connection', `HTTP/1.1 101 X\r\nUpgrade: websocket\r\n${ACCEPT}\r\n`, /Connection/],
    ['no accept', `${UPGRADE}\r\n`, /Accept/],
    ['the accept of another key', `${UPGRADE}Sec-WebSocket-Accept: ${acceptKey('x', ports)}\r\n\r\n`, /Accept/],
    ['two accepts', `${UPGRADE}${ACCEPT}${ACCEPT}\r\n`, /Accept/],
    ['a subprotocol unasked', `${UPGRADE}${ACCEPT}Sec-WebSocket-Protocol: chat\r\n\r\n`, /subprotocol/],
    [
      'two subprotocols',
      `${UPGRADE}${ACCEPT}Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: b\r\n\r\n`,
      /subprotocol/,
      { protocols: ['a', 'b'] },
    ],
    ['an empty subprotocol', `${UPGRADE}${ACCEPT}Sec-WebSocket-Protocol:\r\n\r\n`, /subprotocol/, { protocols: ['a'] }],
    ['an extension unasked', `${UPGRADE}${ACCEPT}Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n`, /extension/],
    ['an unknown extension', `${UPGRADE}${ACCEPT}Sec-WebSocket-Extensions: x\r\n\r\n`, /extension/, { deflate: {} }],
    [
      'an extension twice',
      `${UPGRADE}${ACCEPT}Sec-WebSocket-Extensions: permessage-deflate, permessage-deflate\r\n\r\n`,
      /extension/,
      { deflate: {} },
    ],
    [
      'parameters that were not granted as offered',
      `${UPGRADE}${ACCEPT}Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n`,
      /server_no_context_takeover is missing/,
      { deflate: {} },
    ],
    ['a malformed extension', `${UPGRADE}${ACCEPT}Sec-WebSocket-Extensions: a;\r\n\r\n`, /malformed/, { deflate: {} }],
    ['a folded line', `${UPGRADE}${ACCEPT} folded\r\n\r\n`, /malformed/],
    ['a space before a colon', `${UPGRADE}${ACCEPT}A : b\r\n\r\n`, /malformed/],
    ['a bare line feed', `${UPGRADE}${ACCEPT}A: b\nC: d\r\n\r\n`, /malformed/],
    ['a line without colon', `${UPGRADE}${ACCEPT}Abc\r\n\r\n`, /malformed/],
  ])('fails for %s', (_name, response, message, options) => expect(failure(shake(response, options))).toMatch(message));

  it("tells the status of an honest refusal, for the host's next step", () => {
    expect(shake('HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\n\r\n')).toMatchObject({ status: 401 });
  });

  it('fails once its head is too long, and not before', () => {
    const head = `${UPGRADE}${ACCEPT}\r\n`;
    expect(shake(head, { maxHeadBytes: head.length }).kind).toBe('accepted');
    expect(failure(shake(head, { maxHeadBytes: head.length - 1 }))).toMatch(/longer than/);
    expect(failure(shake(`HTTP/1.1 101 ${'a'.repeat(20_000)}`))).toMatch(/longer than 16384/);
    expect(shake('HTTP/1.1 101 ').kind).toBe('incomplete');
  });

  it('may come in any pieces', () => {
    const whole = concat(utf8(`${UPGRADE}${ACCEPT}\r\n`), utf8('rest'));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
        const handshake = new ClientHandshake({ host: 'a' }, crypto);
        let offset = 0;
        for (let piece = 0; ; piece++) {
          const end = Math.min(whole.length, offset + sizes[piece % sizes.length]!);
          const result = handshake.receive(whole.subarray(offset, end));
          offset = end;
          if (result.kind === 'incomplete') continue;
          expect(result.kind).toBe('accepted');
          const rest = result.kind === 'accepted' ? result.rest : new Uint8Array(0);
          expect(hex(rest) + hex(whole.subarray(end))).toBe(hex(utf8('rest')));
          return;
        }
      }),
    );
  });

  it('never throws, whatever the server sends', () => {
    const piece = fc.constantFrom(
      UPGRADE,
      ACCEPT,
      '\r\n',
      'Sec-WebSocket-Extensions: ',
      'permessage-deflate',
      ';',
      'é',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: 'binary' }))), (pieces) => {
        expect(['incomplete', 'accepted', 'failed']).toContain(shake(pieces.join(''), { deflate: {} }).kind);
      }),
      { numRuns: 500 },
    );
  });
});

it('agrees with the server of this package', () => {
  const handshake = new ClientHandshake({ host: 'a', protocols: ['x', 'y'], deflate: {} }, ports);
  const headers: Record<string, string> = {};
  for (const line of handshake.request.split('\r\n').slice(1, -2)) {
    const [name, value] = line.split(': ');
    headers[name!.toLowerCase()] = value!;
  }
  const server = acceptHandshake({ method: 'GET', httpVersion: '1.1', headers }, ports, {
    protocols: ['y'],
    deflate: {},
  });
  if (!server.accepted) throw new Error(server.reason);
  const client = handshake.receive(utf8(server.head));
  expect(client).toMatchObject({ kind: 'accepted', protocol: 'y', deflate: server.deflate });
});
