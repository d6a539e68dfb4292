import { describe, expect, it } from 'vitest';
import { createClientCodec, createServerCodec } from '../codec/create-codec.js';
import { requireJson } from './json.js';
import { Prepared, encodePayload } from '../codec/operation.js';

class Point {
  readonly x = 1;
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { value };
  return value;
}

describe('application data', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  it.each<[name: string, data: unknown, message: string]>([
    ['NaN', NaN, 'data is NaN'],
    ['Infinity in a list', [1, -Infinity], 'data[1] is -Infinity'],
    ['a bigint', { items: [{ n: 1n }] }, 'data.items[0].n is the bigint 1'],
    ['a function', () => 1, 'data is function'],
    ['a function as a member', { f: () => 1 }, 'data.f is function'],
    ['a symbol', { s: Symbol('s') }, 'data.s is symbol'],
    ['undefined in a list', [undefined], 'data[0] is undefined'],
    ['a hole in a list', [1, , 2], 'data[1] is undefined'], // eslint-disable-line no-sparse-arrays
    ['a Map', { items: [0, 0, 0, { when: new Map() }] }, 'data.items[3].when is an instance of Map'],
    ['a Set', new Set(), 'data is an instance of Set'],
    ['a Promise', { later: Promise.resolve() }, 'data.later is an instance of Promise'],
    ['a Blob', [new Blob([])], 'data[0] is an instance of Blob'],
    ['bytes in an object', { body: new Uint8Array(2) }, 'data.body is an instance of Uint8Array'],
    ['a buffer in a list', [new ArrayBuffer(2)], 'data[0] is an instance of ArrayBuffer'],
    ['an instance', { at: new Point() }, 'data.at is an instance of Point'],
    ['an error', new Error('no'), 'data is an instance of Error'],
    ['a date that is none', { at: new Date(NaN) }, 'data.at is Invalid Date'],
    ['what toJSON makes', { toJSON: () => ({ n: NaN }) }, 'data.n is NaN'],
    ['a circle', circle, 'nests deeper than 64 levels, or contains itself'],
    ['too deep a nesting', nested(65), 'nests deeper than 64 levels'],
  ])('%s is refused with its place', (_, data, message) => {
    expect(() => encodePayload(data)).toThrow(TypeError);
    expect(() => encodePayload(data)).toThrow(message);
  });

  it.each<[name: string, data: unknown, json: string]>([
    ['a date', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    ['toJSON', { at: { toJSON: () => [1] } }, '{"at":[1]}'],
    ['an instance with toJSON', new URL('http://a.test/'), '"http://a.test/"'],
    ['a property that is undefined', { a: 1, b: undefined }, '{"a":1}'],
    ['nothing', undefined, 'null'],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ['64 levels', nested(64), JSON.stringify(nested(64))],
  ])('%s is what JSON.stringify says', (_, data, json) => {
    expect(encodePayload(data)).toBe(json);
  });

  it('a buffer and every view are bytes, as they were at the call', () => {
    const { buffer } = Uint8Array.of(1, 2, 3, 4);
    for (const data of [buffer, new DataView(buffer), new Uint16Array(buffer), Buffer.from(buffer)]) {
      const payload = encodePayload(data);
      new Uint8Array(buffer)[1] = 9;
      expect(payload).toEqual(Uint8Array.of(1, 2, 3, 4));
      new Uint8Array(buffer)[1] = 2;
    }
    expect(encodePayload(new Uint16Array(buffer, 2, 1))).toEqual(Uint8Array.of(3, 4));
    expect(() => requireJson(buffer)).toThrow('ArrayBuffer');
  });

  it.each(['json', 'binary'] as const)('%s carries prepared data as they were', (name) => {
    for (const given of [{ a: [1] }, Uint8Array.of(1, 2)]) {
      const expected = structuredClone(given);
      const data = new Prepared(given);
      if (given instanceof Uint8Array) given[0] = 9;
      else given.a[0] = 9;
      const encoded = createClientCodec(name).encode({ type: 'call', id: 1, method: 'm', data });
      expect(createServerCodec(name).decode(encoded)).toEqual([{ type: 'call', id: 1, method: 'm', data: expected }]);
    }
  });
});
