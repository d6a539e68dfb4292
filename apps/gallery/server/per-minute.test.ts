import { expect, it } from 'vitest';
import { PerMinute } from './per-minute.js';

it('lets so many through in any minute', () => {
  let now = 0;
  const limit = new PerMinute(2, () => now);
  limit.take();
  now = 50_000;
  limit.take();
  expect(() => limit.take()).toThrow('Again in 10 s.');
  now = 60_000;
  limit.take();
  expect(() => limit.take()).toThrow(expect.objectContaining({ code: 'rate-limited', retryAfterMs: 50_000 }));
});
