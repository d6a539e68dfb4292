import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Bytes, BytesReader } from '../snapshot/bytes.js';
import { type Item, readItem, writeItem } from './items.js';

const [room, text, count] = [fc.string({ maxLength: 200 }), fc.string({ maxLength: 200 }), fc.nat()];
const data = fc.uint8Array({ maxLength: 300 });
const items: fc.Arbitrary<Item> = fc.oneof(
  fc.constant({ kind: 'alive' } as const),
  fc.record({ kind: fc.constant('ask' as const), room }),
  fc.record({ kind: fc.constant('here' as const), room, epoch: text, tick: count }),
  fc.record({ kind: fc.constant('refused' as const), room, code: text }),
  fc.record({ kind: fc.constant('watch' as const), room, guest: count, viewer: text, epoch: text, held: count }),
  fc.record({ kind: fc.constant('leave' as const), room, guest: count }),
  fc.record({ kind: fc.constant('flow' as const), room, guest: count, isReady: fc.boolean() }),
  fc.record({ kind: fc.constant('input' as const), room, viewer: text, data }),
  fc.record({ kind: fc.constant('snapshot' as const), guest: count, tick: count, data }),
  fc.record({ kind: fc.constant('ended' as const), room, epoch: text }),
);

it('reads what it wrote, one item after the other', () => {
  fc.assert(
    fc.property(fc.array(items), (said) => {
      const bytes = new Bytes();
      for (const item of said) writeItem(bytes, item);
      const reader = new BytesReader(bytes.copy());
      const heard: Item[] = [];
      while (reader.left > 0) heard.push(readItem(reader));
      expect(heard).toEqual(said);
    }),
  );
});

it('throws RangeError for all else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const reader = new BytesReader(bytes);
      try {
        while (reader.left > 0) readItem(reader);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
  );
  expect(() => readItem(new BytesReader(Uint8Array.of(99)))).toThrow(RangeError);
});
