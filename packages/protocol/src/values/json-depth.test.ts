import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CodecName } from '../codec/codec.js';
import { createClientCodec, createServerCodec } from '../codec/create-codec.js';
import type { ClientFrame } from '../codec/frames.js';
import { isTextTooDeep, isValueTooDeep } from './json-depth.js';
import { encodePayload } from '../codec/operation.js';
import { wireLimits } from '../limits.js';
import { nested } from '../testing/nested.js';

const { jsonDepth } = wireLimits;

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('WIRE-9: the depth of JSON', () => {
  it('is that of its arrays and objects, whatever stands in its strings', () => {
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 90, depthSize: 'max' },
        fc.constantFrom<unknown>(1, null, '[[[[[[', '{"\\', '"', '\\', ']]]}'),
        fc.record({ '{"[': tie('value') }),
        fc.array(tie('value'), { maxLength: 2 }),
      ),
    })).value;
    const wrapped = fc.tuple(tree, fc.nat({ max: 70 })).map(([value, levels]) => {
      let all: unknown = value;
      for (let i = 0; i < levels; i++) all = i % 3 === 0 ? { 'a"[': all, b: '}' } : [all];
      return all;
    });
    fc.assert(
      fc.property(wrapped, (value) => {
        const text = JSON.stringify(value);
        expect(isTextTooDeep(text)).toBe(depthOf(value) > jsonDepth);
        expect(isValueTooDeep(value, text)).toBe(depthOf(value) > jsonDepth);
      }),
    );
  });

  it('is bound at 64 levels, in texts of any length', () => {
    for (const shape of ['array', 'object'] as const) {
      expect(isTextTooDeep(nested(jsonDepth, shape))).toBe(false);
      for (const depth of [jsonDepth + 1, 5_000, 100_000]) expect(isTextTooDeep(nested(depth, shape))).toBe(true);
    }
  });

  it('is bound for what an application encodes', () => {
    expect(encodePayload(JSON.parse(nested(jsonDepth)))).toBe(nested(jsonDepth));
    expect(() => encodePayload(JSON.parse(nested(jsonDepth + 1)))).toThrow('deeper than 64 levels');
  });
});

describe.each(['json', 'binary'] as const)('WIRE-9: frames as %s', (name: CodecName) => {
  const server = createServerCodec(name);
  const frames: readonly [string, (value: string) => string][] = [
    ['data', (value) => `{"type":"publish","id":7,"channel":"a","seq":1,"data":${value}}`],
    ['data', (value) => `{"type":"call","id":7,"method":"a","data":${value}}`],
    ['data', (value) => `{"type":"enter","id":7,"channel":"a","data":${value}}`],
    ['view', (value) => `{"type":"subscribe","id":7,"channel":"a","view":${value}}`],
    ['view', (value) => `{"type":"track","id":7,"channel":"a","view":${value}}`],
    ['data', (value) => `{"type":"answer","id":7,"data":${value}}`],
    ['data', (value) => `{"type":"input","channel":"a","data":${value}}`],
    ['params', (value) => `{"type":"connect","version":1,"client":"c","params":${value}}`],
  ];

  /** As a client that does not hold itself to the bound encodes it. */
  function encode(line: string): string | Uint8Array {
    if (name === 'json') return line;
    const frame = JSON.parse(line.replace(/"(data|view|params)":.*\}$/, '"$1":"?"}')) as ClientFrame;
    const value = /"(?:data|view|params)":(.*)\}$/.exec(line)![1]!;
    const bytes = Buffer.from(createClientCodec(name).encode(frame) as Uint8Array);
    // Length, frame, and at its end the JSON text '"?"' behind its length.
    const head = bytes.subarray(1, -4);
    const body = Buffer.concat([head, leb128(value.length), Buffer.from(value)]);
    return Uint8Array.from(Buffer.concat([leb128(body.length), body]));
  }

  it.each(frames)("'%s' that nests 64 levels is read, and one more is refused with the request's id", (field, line) => {
    const id = line('').includes('"id":7') ? { id: 7 } : {};
    expect(server.decode(encode(line(nested(jsonDepth))))).toMatchObject([
      { ...id, [field]: JSON.parse(nested(jsonDepth)) },
    ]);
    for (const depth of [jsonDepth + 1, 5_000, 100_000]) {
      const [frame] = server.decode(encode(line(nested(depth))));
      expect(frame).toMatchObject({ type: 'bad', ...id, code: 'invalid-data' });
    }
  });
});

describe.each(['json', 'binary'] as const)('WIRE-12: a number beyond what a double holds, as %s', (name: CodecName) => {
  it.each(['1e400', '-1E+309', `${'9'.repeat(309)}`, '{"a":[1e999]}'])('is refused: %s', (number) => {
    const [frame] = createServerCodec(name).decode(callWith(name, number));
    expect(frame).toMatchObject({ type: 'bad', id: 7, code: 'invalid-data' });
  });

  it.each(['1e308', '1e-400', '"1e400"', '5e-324', `0.${'9'.repeat(400)}`])('and no other is: %s', (number) => {
    expect(createServerCodec(name).decode(callWith(name, number))).toMatchObject([{ data: JSON.parse(number) }]);
  });
});

function callWith(name: CodecName, data: string): string | Uint8Array {
  if (name === 'json') return `{"type":"call","id":7,"method":"m","data":${data}}`;
  const body = Buffer.concat([Buffer.from([5, 7, 1, 109, 0]), leb128(data.length), Buffer.from(data)]);
  return Uint8Array.from(Buffer.concat([leb128(body.length), body]));
}

function leb128(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
