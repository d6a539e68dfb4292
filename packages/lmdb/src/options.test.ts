import { takenOddValues } from '@longwave/testkit';
import { describe, expect, it } from 'vitest';
import { lmdb } from './index.js';
import { resolveOptions } from './options.js';

const resolve = (options: object) => resolveOptions({ path: 'store', ...options } as never);

describe('options of lmdb()', () => {
  it.each(['maxLogs', 'maxProducers', 'mapSize'])('%s is a whole number above 0', (name) => {
    expect(takenOddValues(name, (odd) => resolve({ [name]: odd }))).toEqual(['above 31 bits']);
  });

  it('forgetAfter is a duration, by default 7 days', () => {
    const right = ['above 31 bits', 'a duration as text'];
    expect(takenOddValues('forgetAfter', (forgetAfter) => resolve({ forgetAfter }))).toEqual(right);
    expect(resolve({}).forgetAfterMs).toBe(7 * 86_400_000);
    expect(resolve({ forgetAfter: '12h' }).forgetAfterMs).toBe(12 * 3_600_000);
  });

  it('path is a text that is not empty', () => {
    const texts = ['a text', 'a number as text', 'a duration as text', 'half of a surrogate pair', 'a long text'];
    expect(takenOddValues('path', (path) => resolve({ path }))).toEqual(texts);
  });

  it('one that is not known is refused, by lmdb() itself, as are no options', () => {
    expect(() => lmdb({ path: 'store', maxLog: 1 } as never)).toThrow(
      "lmdb: there is no option 'maxLog'. Is it 'maxLogs'?",
    );
    expect(() => lmdb(undefined as never)).toThrow('lmdb: the options are undefined');
    expect(() => lmdb({} as never)).toThrow('path is undefined');
  });
});
