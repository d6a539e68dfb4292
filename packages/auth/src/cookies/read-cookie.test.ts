import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isCookieName, readCookie } from './read-cookie.js';

it.each([
  ['sid=1', '1'],
  ['a=0; sid=1; b=2', '1'],
  ['a=0;sid=1;b=2', '1'],
  ['  sid\t=\t1 ', '1'],
  ['sid="1"', '1'],
  ['sid=""', ''],
  ['sid="', '"'],
  ['sid="1', '"1'],
  ['sid=a=b==', 'a=b=='],
  ['sid=', ''],
  ['sid=1; sid=2', '1'],
  ['sid=%3A; x', '%3A'],
  ['sid', undefined],
  ['sid; a=sid=1', undefined],
  ['SID=1', undefined],
  ['xsid=1; sidx=2; =sid=3', undefined],
  ['a="; sid=1"', '1"'],
  ['', undefined],
  [';;;', undefined],
  ['\u00a0sid=1', undefined],
  [undefined, undefined],
])('in %j it is %j', (header, value) => {
  expect(readCookie(header, 'sid')).toBe(value);
});

it('over HTTP/2 cookies may come in several fields', () => {
  expect(readCookie(['a=0', 'sid=1', 'b=2'], 'sid')).toBe('1');
});

it.each(['constructor', '__proto__', 'toString'])('%s is a name like others', (name) => {
  expect(readCookie('a=1', name)).toBeUndefined();
  expect(readCookie(`${name}=1`, name)).toBe('1');
});

const names = fc.stringMatching(/^[\w!#$%&'*+.^`|~-]{1,8}$/);
const values = fc.stringMatching(/^[\u0021\u0023-\u002b\u002d-\u003a\u003c-\u005b\u005d-\u007e]{0,16}$/);

it('a cookie that is there is found, wherever it stands', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(names, values)),
      names,
      values,
      fc.array(fc.tuple(names, values)),
      (before, name, value, after) => {
        fc.pre(before.every(([other]) => other !== name));
        const header = [...before, [name, value], ...after].map((pair) => pair.join('=')).join('; ');
        expect(readCookie(header, name)).toBe(value);
        expect(isCookieName(name)).toBe(true);
      },
    ),
  );
});

it('any text is read in time that grows with its length alone, and never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (header) => {
      const value = readCookie(header, 'a');
      expect(value === undefined || header.includes(value)).toBe(true);
    }),
  );
  expect(readCookie(`${';'.repeat(100_000)}sid=1`, 'sid')).toBe('1');
  expect(readCookie(`${'='.repeat(100_000)}`, 'sid')).toBeUndefined();
  expect(readCookie('a;'.repeat(50_000), 'sid')).toBeUndefined();
});
