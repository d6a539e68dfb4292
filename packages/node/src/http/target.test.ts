import { expect, it } from 'vitest';
import { isPlainPath, normalizePath, targetOf } from './target.js';

it.each([
  ['/longwave', '/longwave'],
  ['longwave', '/longwave'],
  ['/longwave/', '/longwave'],
  ['//a/b//', '/a/b'],
  ['/', ''],
  ['', ''],
])('HTTP-1: the path %j is compared as %j', (given, path) => {
  expect(normalizePath(given, 'path')).toBe(path);
});

it.each(['/a b', '/a?b', '/a#b', '/../a', '/a//b', 'http://a/b', '/é'])(
  'HTTP-1: the path %j is refused at the start',
  (path) => {
    expect(() => normalizePath(path, 'path')).toThrow(RangeError);
    expect(() => normalizePath(path, 'path')).toThrow(/^path: /);
  },
);

it.each([5, null, undefined, {}])('HTTP-1: the path %j is no text', (path) => {
  expect(() => normalizePath(path, 'path')).toThrow(/^path must be a text/);
});

it.each([
  ['/a?b?c', '/a', 'b?c'],
  ['http://host/a?b', '/a', 'b'],
  ['http://host', '/', ''],
  ['HTTPS://host?b', '/', 'b'],
  ['/http://host/a', '/http://host/a', ''],
  ['*', '*', ''],
])('HTTP-1: the target %s is the path %s and the query %j', (url, path, query) => {
  expect(targetOf({ url })).toEqual({ path, query });
});

it('a path with dots is plain, one with segments of dots is not', () => {
  for (const path of ['/', '/a.b', '/a../b', '/...', '/v1/chat%2F..%2Fb'])
    expect([path, isPlainPath(path)]).toEqual([path, true]);
  for (const path of ['/..', '/a/.', '/a/%2E%2e/b', '/.%2e', '/a\\..\\b', '/a\t', '/a#']) {
    expect([path, isPlainPath(path)]).toEqual([path, false]);
  }
});
