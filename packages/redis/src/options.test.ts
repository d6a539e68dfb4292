import { oddValues, takenOddValues } from '@longwave/testkit';
import { describe, expect, it } from 'vitest';
import { resolveOptions } from './options.js';
import { redis } from './redis.js';

const resolve = (options: object) => resolveOptions(options as never);
const texts = ['a text', 'a number as text', 'a duration as text', 'half of a surrogate pair', 'a long text'];

describe('options of redis()', () => {
  it.each([
    ['url', []],
    ['sentinels', []],
    ['cluster', []],
    ['client', ['an empty object', 'an object of unknown fields', 'an object that contains itself']],
    ['prefix', ['an empty text', ...texts]],
    ['shards', []],
    ['durability', []],
    ['replicas', ['above 31 bits']],
    ['replicaTimeout', []],
    ['commandTimeout', ['a duration as text']],
    ['maxProducers', ['above 31 bits']],
    ['maxChannels', ['above 31 bits']],
    ['pollInterval', ['a duration as text']],
    ['logger', []],
  ])('%s takes what it can be, and refuses all else by its name', (name, right) => {
    expect(takenOddValues(name, (odd) => resolve({ [name]: odd }))).toEqual(right);
  });

  it('an address of a Sentinel or a node has a host and a port', () => {
    const host = (odd: unknown) => resolve({ cluster: [{ host: odd, port: 1 }] });
    const port = (odd: unknown) => resolve({ sentinels: [{ host: 'a', port: odd }], name: 'main' });
    expect(takenOddValues('cluster', host)).toEqual(texts);
    expect(takenOddValues('sentinels', port)).toEqual([]);
    expect(takenOddValues('name', (name) => resolve({ sentinels: [{ host: 'a', port: 1 }], name }))).toEqual(texts);
  });

  it('one that is not known is refused by redis() itself, and one target is named, whole', () => {
    expect(() => redis({ shard: 8 } as never)).toThrow("redis: there is no option 'shard'. Is it 'shards'?");
    for (const { value } of oddValues().filter(({ name }) => name !== 'undefined' && name !== 'an empty object')) {
      expect(() => redis(value as never)).toThrow(/^redis: /);
    }
    const cluster = [{ host: 'a', port: 1 }];
    expect(() => resolve({ url: 'redis://a', cluster })).toThrow('url and cluster are given');
    expect(() => resolve({ sentinels: cluster })).toThrow('sentinels and name are given together');
    expect(() => resolve({ name: 'main' })).toThrow('sentinels and name are given together');
    expect(() => resolve({ client: { keyPrefix: 'x' } })).toThrow('without keyPrefix');
  });

  it('a time is milliseconds or a text', () => {
    expect(resolve({ commandTimeout: '5s', replicaTimeout: '2s', pollInterval: '500ms' })).toMatchObject({
      ...{ commandTimeoutMs: 5000, replicaTimeoutMs: 2000, pollMs: 500 },
    });
  });

  it('a password of the URL stands in no message', () => {
    expect(() => resolve({ url: 'https://:s3cret@a' })).toThrow(/^redis: url is a text; (?!.*s3cret)/);
  });

  it('the time to wait for replicas is whole, and never none: none is for ever', () => {
    expect(resolve({ commandTimeout: 999 }).replicaTimeoutMs).toBe(499);
    expect(resolve({ commandTimeout: 2 }).replicaTimeoutMs).toBe(1);
  });
});
