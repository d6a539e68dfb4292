import { describe, expect, it } from 'vitest';
import { acceptConnect } from './connect-handshake.js';
import { createNodePorts } from '../node/index.js';
import type { HeaderFields } from './headers.js';

const GOOD: HeaderFields = {
  ':method': 'CONNECT',
  ':protocol': 'websocket',
  ':scheme': 'https',
  ':path': '/chat',
  ':authority': 'server.example.com',
  'sec-websocket-version': '13',
};

describe('over HTTP/2 (RFC 8441 §5)', () => {
  it("accepts the RFC's example", () => {
    const offer = {
      'sec-websocket-protocol': 'chat, superchat',
      'sec-websocket-extensions': 'permessage-deflate',
      origin: 'http://www.example.com',
    };
    expect(acceptConnect({ ...GOOD, ...offer }, { protocols: ['chat'] })).toEqual({
      accepted: true,
      headers: { 'sec-websocket-protocol': 'chat' },
      protocol: 'chat',
      deflate: undefined,
    });
  });

  it('needs no key, and answers none', () => {
    expect(acceptConnect(GOOD)).toMatchObject({ accepted: true, headers: {} });
  });

  it('permessage-deflate when it is wished for and offered', () => {
    const offer = { ...GOOD, 'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits' };
    const result = acceptConnect(offer, { deflate: {} });
    expect(result.headers['sec-websocket-extensions']).toMatch(/^permessage-deflate/);
    expect(result).toMatchObject({ accepted: true, deflate: {} });
  });

  it.each([
    [{ ':method': 'GET' }, 405],
    [{ ':protocol': undefined }, 501],
    [{ ':protocol': 'connect-udp' }, 501],
    [{ ':path': undefined }, 400],
    [{ ':scheme': undefined }, 400],
    [{ 'sec-websocket-version': undefined }, 400],
    [{ 'sec-websocket-version': '8' }, 400],
    [{ 'sec-websocket-protocol': 'a, a' }, 400],
    [{ 'sec-websocket-extensions': 'a;;' }, 400],
  ] as const)('refuses %j', (changed, status) => {
    expect(acceptConnect({ ...GOOD, ...changed })).toMatchObject({ accepted: false, status });
  });

  it('answers a key for who has one to check, and none otherwise (RFC 8441 §5)', () => {
    const crypto = createNodePorts();
    const key = 'dGhlIHNhbXBsZSBub25jZQ==';
    const asked = (headers: object) => acceptConnect({ ...GOOD, ...headers }, { crypto });
    const answered = { 'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' };
    expect(asked({ 'sec-websocket-key': key })).toMatchObject({ accepted: true, headers: answered });
    expect(asked({ 'sec-websocket-key': 'nonsense' })).toMatchObject({ accepted: true, headers: {} });
    expect(asked({})).toMatchObject({ accepted: true, headers: {} });
    expect(acceptConnect({ ...GOOD, 'sec-websocket-key': key })).toMatchObject({ accepted: true, headers: {} });
  });
});
