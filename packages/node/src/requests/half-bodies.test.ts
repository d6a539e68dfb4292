import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { HalfBodies } from './half-bodies.js';

type Body = Readable & Pick<IncomingMessage, 'headers'>;

function body(length?: number): Body {
  const headers = length === undefined ? {} : { 'content-length': `${length}` };
  return Object.assign(new Readable({ read: () => undefined }), { headers });
}
const bytes = (count: number) => Buffer.alloc(count);

it('LIM-7: what bodies hold that are not complete is bounded: the one that began first is cut', () => {
  const bodies = new HalfBodies(100_000);
  const all = [body(40_000), body(40_000), body(), body(40_000)];
  for (const each of all) bodies.begin(each);
  for (const each of all) each.emit('data', bytes(30_000));
  expect(all.map(({ destroyed }) => destroyed)).toEqual([true, false, false, false]);
  bodies.end(all[1]!);
  all[2]!.emit('data', bytes(40_000));
  expect(all.map(({ destroyed }) => destroyed)).toEqual([true, false, false, false]);
  expect(bodies.count).toBe(2);
});

it('LIM-7: small ones are not cut', () => {
  const bodies = new HalfBodies(100_000);
  const [small, large] = [body(16_384), body(200_000)];
  for (const each of [small, large]) bodies.begin(each);
  small.emit('data', bytes(10_000));
  large.emit('data', bytes(100_001));
  expect([small.destroyed, large.destroyed]).toEqual([false, true]);
});
