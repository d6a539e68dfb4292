import { Buffer } from 'node:buffer';
import { maxRelayBytes } from '@longwave/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PeerReader, encodeRelayed, nudge } from './peer-frames.js';

interface Told {
  readonly topic: string;
  readonly data: Uint8Array;
}

const frames = fc.array(fc.option(fc.record({ topic: fc.string(), data: fc.uint8Array({ maxLength: 200 }) })));

it('reads nudges and messages, in whatever chunks they come', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sent, sizes) => {
      const bytes = Buffer.concat(sent.map((told) => (told ? encodeRelayed(told.topic, told.data) : nudge)));
      const heard: Told[] = [];
      const reader = new PeerReader((topic, data) => heard.push({ topic, data: Uint8Array.from(data) }));
      for (let at = 0, i = 0; at < bytes.length; at += sizes[i++ % sizes.length]!)
        expect(reader.read(bytes.subarray(at, at + sizes[i % sizes.length]!))).toBe(true);
      expect(heard).toEqual(sent.filter((told) => told !== null));
      expect(reader.takeNudge()).toBe(sent.includes(null));
      expect(reader.takeNudge()).toBe(false);
    }),
  );
});

it('refuses what no peer sends, and what is longer than may be relayed', () => {
  const read = (bytes: Buffer): boolean => new PeerReader(() => undefined).read(bytes);
  expect(read(Buffer.from('x'))).toBe(false);
  const tooLong = encodeRelayed('t', new Uint8Array(1));
  tooLong.writeUInt32BE(maxRelayBytes + 1, 3);
  expect(read(tooLong)).toBe(false);
});
