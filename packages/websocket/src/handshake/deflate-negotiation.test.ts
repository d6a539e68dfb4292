import { describe, expect, it } from 'vitest';
import {
  acceptDeflateOffer,
  type DeflateAgreement,
  formatDeflateOffer,
  resolveDeflateWish,
  verifyDeflateResponse,
} from './deflate-negotiation.js';
import { parseExtensions } from './extension-header.js';

const GENEROUS = { serverNoContextTakeover: false, clientNoContextTakeover: false };

function accept(offer: string, wish = {}): { agreement: DeflateAgreement; header: string } | undefined {
  return acceptDeflateOffer(parseExtensions(offer)!, resolveDeflateWish({ ...GENEROUS, ...wish }));
}

function verify(response: string, wish = {}): DeflateAgreement | string {
  return verifyDeflateResponse(parseExtensions(response)![0]!, resolveDeflateWish({ ...GENEROUS, ...wish }));
}

describe('a server answers an offer (RFC 7692 §7.1)', () => {
  it.each([
    ['permessage-deflate', {}, 'permessage-deflate'],
    ['permessage-deflate; server_no_context_takeover', {}, 'permessage-deflate; server_no_context_takeover'],
    ['permessage-deflate; client_no_context_takeover', {}, 'permessage-deflate; client_no_context_takeover'],
    ['permessage-deflate; server_max_window_bits=10', {}, 'permessage-deflate; server_max_window_bits=10'],
    ['permessage-deflate; server_max_window_bits="10"', {}, 'permessage-deflate; server_max_window_bits=10'],
    [
      'permessage-deflate; server_max_window_bits=10',
      { serverMaxWindowBits: 9 },
      'permessage-deflate; server_max_window_bits=9',
    ],
    ['permessage-deflate', { serverMaxWindowBits: 12 }, 'permessage-deflate; server_max_window_bits=12'],
    ['permessage-deflate; client_max_window_bits', {}, 'permessage-deflate'],
    [
      'permessage-deflate; client_max_window_bits',
      { clientMaxWindowBits: 10 },
      'permessage-deflate; client_max_window_bits=10',
    ],
    [
      'permessage-deflate; client_max_window_bits=9',
      { clientMaxWindowBits: 10 },
      'permessage-deflate; client_max_window_bits=9',
    ],
    ['permessage-deflate; client_max_window_bits=12', {}, 'permessage-deflate; client_max_window_bits=12'],
    // §7.1.2.2: a server must not limit a client that has not offered it.
    ['permessage-deflate', { clientMaxWindowBits: 10 }, 'permessage-deflate'],
    [
      'permessage-deflate',
      { serverNoContextTakeover: true, clientNoContextTakeover: true },
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
    ],
    ['x-webkit-deflate-frame, permessage-deflate', {}, 'permessage-deflate'],
    [
      'permessage-deflate; server_max_window_bits=7, permessage-deflate; server_max_window_bits=15',
      {},
      'permessage-deflate; server_max_window_bits=15',
    ],
  ])('%s', (offer, wish, header) => expect(accept(offer, wish)?.header).toBe(header));

  it.each([
    'x-other',
    'permessage-deflate; unknown',
    'permessage-deflate; server_no_context_takeover=1',
    'permessage-deflate; client_no_context_takeover=true',
    'permessage-deflate; server_no_context_takeover; server_no_context_takeover',
    'permessage-deflate; server_max_window_bits',
    'permessage-deflate; server_max_window_bits=7',
    'permessage-deflate; server_max_window_bits=16',
    'permessage-deflate; server_max_window_bits=08',
    'permessage-deflate; server_max_window_bits=1e1',
    'permessage-deflate; client_max_window_bits=7',
    'permessage-deflate; client_max_window_bits=0x9',
    'permessage-deflate; client_max_window_bits; client_max_window_bits=9',
  ])('declines %s', (offer) => expect(accept(offer)).toBeUndefined());

  it('assumes the full window of a client that says nothing', () => {
    expect(accept('permessage-deflate', { clientMaxWindowBits: 9 })?.agreement.clientMaxWindowBits).toBe(15);
  });
});

describe('a client verifies the answer', () => {
  it.each([
    ['permessage-deflate', {}, { ...GENEROUS, serverMaxWindowBits: 15, clientMaxWindowBits: 15 }],
    [
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9; client_max_window_bits=8',
      {},
      { serverNoContextTakeover: true, clientNoContextTakeover: true, serverMaxWindowBits: 9, clientMaxWindowBits: 8 },
    ],
    [
      'permessage-deflate',
      { clientNoContextTakeover: true, clientMaxWindowBits: 11 },
      {
        serverNoContextTakeover: false,
        clientNoContextTakeover: true,
        serverMaxWindowBits: 15,
        clientMaxWindowBits: 11,
      },
    ],
  ])('takes %s', (response, wish, agreement) => expect(verify(response, wish)).toEqual(agreement));

  it.each([
    ['permessage-deflate; unknown', {}],
    ['permessage-deflate; client_max_window_bits', {}],
    ['permessage-deflate; client_max_window_bits=16', {}],
    ['permessage-deflate; client_max_window_bits=12', { clientMaxWindowBits: 10 }],
    ['permessage-deflate; server_max_window_bits=12', { serverMaxWindowBits: 10 }],
    ['permessage-deflate', { serverMaxWindowBits: 10 }],
    ['permessage-deflate', { serverNoContextTakeover: true }],
    ['permessage-deflate; server_max_window_bits=9; server_max_window_bits=9', {}],
  ])('refuses %s for %j', (response, wish) => expect(verify(response, wish)).toBeTypeOf('string'));
});

it('agrees with itself for every pair of wishes', () => {
  const bits = [8, 9, 15];
  const flags = [true, false];
  const wishes = flags.flatMap((serverNoContextTakeover) =>
    flags.flatMap((clientNoContextTakeover) =>
      bits.flatMap((serverMaxWindowBits) =>
        bits.map((clientMaxWindowBits) =>
          resolveDeflateWish({
            serverNoContextTakeover,
            clientNoContextTakeover,
            serverMaxWindowBits,
            clientMaxWindowBits,
          }),
        ),
      ),
    ),
  );
  for (const client of wishes) {
    for (const server of wishes) {
      const answer = acceptDeflateOffer(parseExtensions(formatDeflateOffer(client))!, server)!;
      expect(verifyDeflateResponse(parseExtensions(answer.header)![0]!, client)).toEqual(answer.agreement);
    }
  }
});

it.each([7, 16, 9.5, Number.NaN])('throws for a window of %d bits: that is local misuse', (bits) => {
  expect(() => resolveDeflateWish({ serverMaxWindowBits: bits })).toThrow(/from 8 to 15/);
  expect(() => resolveDeflateWish({ clientMaxWindowBits: bits })).toThrow(/from 8 to 15/);
});
