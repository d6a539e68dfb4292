import fc from 'fast-check';
import { expect, it } from 'vitest';
import { acceptKey } from './accept-key.js';
import { encodeBase64, isHandshakeKey } from './base64.js';
import { ports } from '../testing/recorder.js';

it("makes the accept key of RFC 6455 §1.3's example", () => {
  expect(acceptKey('dGhlIHNhbXBsZSBub25jZQ==', ports)).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
});

it('encodes base64 as Node does', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => encodeBase64(bytes) === Buffer.from(bytes).toString('base64')));
});

it.each([
  ['dGhlIHNhbXBsZSBub25jZQ==', true],
  ['', false],
  ['dGhlIHNhbXBsZSBub25jZQ', false],
  ['dGhlIHNhbXBsZSBub25j', false],
  ['dGhlIHNhbXBsZSBub25jZWQ=', false],
  ['dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==', false],
  ['dGhlIHNhbXBsZSBub-5jZQ==', false],
])('judges the key %j', (key, valid) => expect(isHandshakeKey(key)).toBe(valid));
