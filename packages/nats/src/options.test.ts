import { oddValues, takenOddValues } from '@longwave/testkit';
import { describe, expect, it } from 'vitest';
import { nats } from './index.js';
import { resolveOptions } from './options.js';

const resolve = (options: object) => resolveOptions(options as never);
const texts = ['a text', 'a number as text', 'a duration as text', 'half of a surrogate pair', 'a long text'];

describe('options of nats()', () => {
  it.each([
    // What a server's name can be is for the URL to say.
    ['servers', ['a text', 'a number as text', 'a duration as text', 'a long text']],
    ['prefix', ['a text', 'a number as text', 'a duration as text']],
    ['shards', []],
    ['replicas', []],
    ['storage', []],
    ['synced', ['false', 'true']],
    ['maxProducers', []],
    ['timeout', ['a duration as text']],
    ['cacheBytes', ['0', '-0', 'above 31 bits']],
    ['maxWaitingBytes', ['above 31 bits']],
    ['checkpointBytes', ['above 31 bits']],
    ['connection', ['an empty object']],
    ['logger', []],
    ['clock', []],
    ['makeId', ['a function']],
  ])('%s takes what it can be, and refuses all else by its name', (name, right) => {
    expect(takenOddValues(name, (odd) => resolve({ [name]: odd }))).toEqual(right);
  });

  it.each([
    ['user', texts],
    ['pass', texts],
    ['token', texts],
    ['inboxPrefix', texts],
    ['authenticator', ['an empty array', 'a function']],
  ])('connection.%s takes what it can be', (name, right) => {
    expect(takenOddValues(name, (odd) => resolve({ connection: { [name]: odd } }))).toEqual(right);
  });

  it('one that is not known is refused by nats() itself', () => {
    expect(() => nats({ server: 'a' } as never)).toThrow("nats: there is no option 'server'. Is it 'servers'?");
    expect(() => nats({ connection: { maxReconnectAttempts: 1 } } as never)).toThrow(
      "no option 'maxReconnectAttempts'",
    );
    for (const { value } of oddValues().filter(({ name }) => name !== 'undefined' && name !== 'an empty object')) {
      expect(() => nats(value as never)).toThrow(/^nats: /);
    }
  });

  it('the timeout is milliseconds or a text', () => {
    expect(resolve({}).timeoutMs).toBe(2000);
    expect(resolve({ timeout: '5s' }).timeoutMs).toBe(5000);
  });

  it('a secret stands in no message', () => {
    expect(() => resolve({ servers: ['nats://:s3cret@a', 1] })).toThrow(/^nats: servers is (?!.*s3cret)/);
    expect(() => resolve({ connection: { pass: ['s3cret'] } })).toThrow(/pass is an array; (?!.*s3cret)/);
  });
});
