import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isToken, parseExtensions } from './extension-header.js';

const none = { parameters: [] };

describe('Sec-WebSocket-Extensions (RFC 6455 §9.1)', () => {
  it('reads the examples of the RFCs', () => {
    expect(parseExtensions('foo')).toEqual([{ name: 'foo', ...none }]);
    expect(parseExtensions('bar; baz=2')).toEqual([{ name: 'bar', parameters: [{ name: 'baz', value: '2' }] }]);
    expect(parseExtensions('foo, bar; baz=2')).toHaveLength(2);
    expect(
      parseExtensions('permessage-deflate; client_max_window_bits; server_max_window_bits=10, permessage-deflate'),
    ).toEqual([
      {
        name: 'permessage-deflate',
        parameters: [
          { name: 'client_max_window_bits', value: undefined },
          { name: 'server_max_window_bits', value: '10' },
        ],
      },
      { name: 'permessage-deflate', ...none },
    ]);
  });

  it('reads quoted values, with their escapes, and space around every separator', () => {
    expect(parseExtensions(' a ; b = "1\\0" \t, c;d="x" ')).toEqual([
      { name: 'a', parameters: [{ name: 'b', value: '10' }] },
      { name: 'c', parameters: [{ name: 'd', value: 'x' }] },
    ]);
  });

  const malformed = ['', ',', 'a,', ',a', 'a,,b', 'a;', 'a;;b', 'a; b=', 'a; =1', 'a b', 'a; b c', 'a; b="', 'a; b=""'];
  const more = ['a; b="x y"', 'a; b="x', 'a=1', 'a; b=1=2', 'a; "b"', 'a\u0000', 'ä', 'a; b="x"y', 'a; b="\\"'];
  it.each([...malformed, ...more])('refuses %j', (header) => expect(parseExtensions(header)).toBeUndefined());

  it('reads back whatever follows the grammar, and never throws', () => {
    const token = fc.string({ unit: fc.constantFrom(...'abz09_-.!~'.split('')), minLength: 1, maxLength: 8 });
    const value = fc.option(token, { nil: undefined });
    const extension = fc.record({ name: token, parameters: fc.array(fc.record({ name: token, value })) });
    fc.assert(
      fc.property(fc.array(extension, { minLength: 1 }), fc.boolean(), (extensions, quoted) => {
        const quote = quoted ? '"' : '';
        const header = extensions
          .map(({ name, parameters }) =>
            [
              name,
              ...parameters.map((p) => (p.value === undefined ? p.name : `${p.name}=${quote}${p.value}${quote}`)),
            ].join('; '),
          )
          .join(', ');
        expect(parseExtensions(header)).toEqual(extensions);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a;=,"\\ \t1é'.split('')) }), (header) => {
        const parsed = parseExtensions(header);
        expect(parsed === undefined || parsed.every(({ name }) => isToken(name))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes linear time for a long hostile header', () => {
    expect(parseExtensions(`a${'; b="\\x'.repeat(100_000)}`)).toBeUndefined();
    expect(parseExtensions(`a; b="${'\\x'.repeat(100_000)}`)).toBeUndefined();
  });
});
