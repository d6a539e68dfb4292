import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClientCodec, createServerCodec } from './create-codec.js';
import type { Encoded } from './codec.js';
import { splitFirst } from './split-first.js';

function joined(name: 'json' | 'binary', ids: readonly number[]): Encoded {
  const codec = createClientCodec(name);
  return codec.join(ids.map((id) => codec.encode({ type: 'history', id, channel: 'a\nb', limit: id })));
}

describe.each(['json', 'binary'] as const)('the first frame of a %s message', (name) => {
  const { decode } = createServerCodec(name);

  it('together with the rest is the message', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 }), (ids) => {
        const message = joined(name, ids);
        const [first, rest] = splitFirst(message);
        expect(decode(first)).toHaveLength(1);
        expect([...decode(first), ...(rest === undefined ? [] : decode(rest))]).toEqual(decode(message));
      }),
    );
  });

  it('of whatever bytes a peer sends is told, or is all of it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const message = name === 'binary' ? bytes : Buffer.from(bytes).toString('latin1');
        const [first, rest] = splitFirst(message);
        expect(decode(first).length).toBeLessThanOrEqual(Math.max(1, decode(message).length));
        expect([...decode(first), ...(rest === undefined ? [] : decode(rest))]).toEqual(decode(message));
      }),
    );
  });
});
