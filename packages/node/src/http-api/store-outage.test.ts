import { MemoryStore } from '@longwave/core';
import { describe, expect, it } from 'vitest';
import { serve } from './testing/serve.js';

/** Away from its start. */
class AwayStore extends MemoryStore {
  override append(): never {
    throw new Error('connect ECONNREFUSED');
  }
  override read(): never {
    throw new Error('connect ECONNREFUSED');
  }
  override bounds(): never {
    throw new Error('connect ECONNREFUSED');
  }
}

const reads = [
  '/v1/channels/news/messages',
  '/v1/channels/board%2Fa/entries',
  '/v1/channels/board%2Fa/entries/k',
  '/v1/channels/board%2Fa/members',
  '/v1/channels/score%2Fa/value',
  '/v1/channels/news/history',
  '/v1/channels/news/history/epoch/1',
];

describe('a store that is away', () => {
  for (const path of reads) {
    it(`ERR-1: GET ${path} is 503, with when to come again`, async () => {
      const { call } = await serve({}, AwayStore);
      const answer = await call('GET', path);
      expect(answer).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
      expect(answer.body.error.message).not.toMatch(/ECONNREFUSED|^unavailable$/);
      expect(answer.headers.get('retry-after')).toBe('1');
    });
  }

  it('ERR-1: writes are 503 likewise', async () => {
    const { call } = await serve({}, AwayStore);
    const answers = [
      await call('POST', '/v1/channels/news/messages', { data: 1 }),
      await call('PUT', '/v1/channels/board%2Fa/entries/k', { data: 1 }),
      await call('DELETE', '/v1/channels/board%2Fa/entries/k'),
    ];
    for (const { status, headers } of answers) expect([status, headers.get('retry-after')]).toEqual([503, '1']);
  });
});
