import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeaderFields } from './headers.js';
import {
  acceptHandshake,
  type AcceptOptions,
  type HandshakeAccepted,
  type HandshakeRefused,
} from './server-handshake.js';
import { ports } from '../testing/recorder.js';

const GOOD: HeaderFields = {
  host: 'server.example.com',
  upgrade: 'websocket',
  connection: 'Upgrade',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
};

function shake(
  changed: HeaderFields = {},
  options?: AcceptOptions,
  request = { method: 'GET', httpVersion: '1.1' },
): HandshakeAccepted | HandshakeRefused {
  return acceptHandshake({ ...request, headers: { ...GOOD, ...changed } }, ports, options);
}

function headOf(changed: HeaderFields, options?: AcceptOptions): string {
  const result = shake(changed, options);
  return result.accepted ? result.head : `refused ${result.status}: ${result.reason}`;
}

describe('accepts (RFC 6455 §4.2.2)', () => {
  it("the RFC's example, word for word", () => {
    const offer = { 'sec-websocket-protocol': 'chat, superchat' };
    expect(headOf(offer, { protocols: ['chat'] })).toBe(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n\r\n',
    );
  });

  it.each([
    { upgrade: 'WebSocket' },
    { upgrade: 'h2c, websocket' },
    { connection: 'keep-alive, Upgrade' },
    { connection: ['keep-alive', 'upgrade'] },
    { 'sec-websocket-key': ' dGhlIHNhbXBsZSBub25jZQ== ' },
    { 'sec-websocket-extensions': '' },
    { 'sec-websocket-extensions': 'x-unknown; a=1' },
  ])('%j', (changed) => expect(shake(changed).accepted).toBe(true));

  it("the server's favourite of the subprotocols offered, or none", () => {
    const offer = { 'sec-websocket-protocol': ['a', 'b, c'] };
    expect(shake(offer, { protocols: ['x', 'c', 'a'] })).toMatchObject({ accepted: true, protocol: 'c' });
    expect(shake(offer, { protocols: ['x'] })).toMatchObject({ accepted: true, protocol: undefined });
    expect(shake(offer)).toMatchObject({ accepted: true, protocol: undefined });
    expect(headOf(offer)).not.toContain('Sec-WebSocket-Protocol');
  });

  it('permessage-deflate when it is wished for and offered', () => {
    const offer = { 'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits' };
    expect(headOf(offer, { deflate: {} })).toContain(
      '\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n',
    );
    expect(shake(offer, { deflate: {} })).toMatchObject({ deflate: { serverNoContextTakeover: true } });
    expect(shake(offer)).toMatchObject({ accepted: true, deflate: undefined });
    expect(shake({}, { deflate: {} })).toMatchObject({ accepted: true, deflate: undefined });
    expect(headOf(offer)).not.toContain('Extensions');
  });

  it('further headers of the host, but none that would split the response', () => {
    expect(headOf({}, { headers: { 'Set-Cookie': 'a=b' } })).toContain('\r\nSet-Cookie: a=b\r\n\r\n');
    expect(() => shake({}, { headers: { A: 'b\r\nEvil: 1' } })).toThrow(/not a valid header field/);
    expect(() => shake({}, { headers: { 'A b': 'c' } })).toThrow(/not a valid header field/);
    expect(() => shake({}, { headers: { 'Sec-WebSocket-Protocol': 'x' } })).toThrow(/handshake's own/);
  });
});

describe('refuses (RFC 6455 §4.2.1, §4.4)', () => {
  it.each<[HeaderFields, number, RegExp]>([
    [{ host: undefined }, 400, /Host/],
    [{ upgrade: undefined }, 426, /Upgrade/],
    [{ upgrade: 'h2c' }, 426, /Upgrade/],
    [{ upgrade: 'websockets' }, 426, /Upgrade/],
    [{ connection: undefined }, 400, /Connection/],
    [{ connection: 'keep-alive' }, 400, /Connection/],
    [{ 'sec-websocket-version': undefined }, 426, /13/],
    [{ 'sec-websocket-version': '8' }, 426, /13/],
    [{ 'sec-websocket-version': ['13', '13'] }, 426, /13/],
    [{ 'sec-websocket-version': '013' }, 426, /13/],
    [{ 'sec-websocket-key': undefined }, 400, /Key/],
    [{ 'sec-websocket-key': '' }, 400, /Key/],
    [{ 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25j' }, 400, /Key/],
    [{ 'sec-websocket-key': ['dGhlIHNhbXBsZSBub25jZQ==', 'dGhlIHNhbXBsZSBub25jZQ=='] }, 400, /Key/],
    [{ 'sec-websocket-protocol': '' }, 400, /Protocol/],
    [{ 'sec-websocket-protocol': 'a,,b' }, 400, /Protocol/],
    [{ 'sec-websocket-protocol': 'a, a' }, 400, /Protocol/],
    [{ 'sec-websocket-protocol': 'a b' }, 400, /Protocol/],
    [{ 'sec-websocket-extensions': 'permessage-deflate;' }, 400, /Extensions/],
  ])('%j with %i', (changed, status, reason) => {
    expect(shake(changed)).toMatchObject({ accepted: false, status });
    expect((shake(changed) as HandshakeRefused).reason).toMatch(reason);
  });

  it('what is not a GET of HTTP/1.1', () => {
    expect(shake({}, {}, { method: 'POST', httpVersion: '1.1' })).toMatchObject({
      status: 405,
      headers: { Allow: 'GET' },
    });
    expect(shake({}, {}, { method: 'get', httpVersion: '1.1' })).toMatchObject({ status: 405 });
    expect(shake({}, {}, { method: 'GET', httpVersion: '1.0' })).toMatchObject({ status: 400 });
    expect(shake({}, {}, { method: 'GET', httpVersion: '2.0' })).toMatchObject({ status: 400 });
  });

  it('with a complete response that names the version spoken', () => {
    const { response } = shake({ 'sec-websocket-version': '12' }) as HandshakeRefused;
    expect(response).toBe(
      'HTTP/1.1 426 Upgrade Required\r\nConnection: close, Upgrade\r\nContent-Type: text/plain; charset=utf-8\r\n' +
        'Content-Length: 40\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\nthe only WebSocket version spoken is 13\n',
    );
  });
});

it('never throws and never writes a line of the request, whatever the headers are', () => {
  const name = fc.constantFrom(...Object.keys(GOOD), 'sec-websocket-protocol', 'sec-websocket-extensions', '__proto__');
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string()), fc.constant(undefined));
  fc.assert(
    fc.property(fc.dictionary(name, value), (headers) => {
      const result = shake(headers, { protocols: ['a'], deflate: {} });
      const text = result.accepted ? result.head : result.response;
      expect(/^[\t\r\n\x20-\x7e]+$/.test(text)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
