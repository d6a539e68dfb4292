import { type RedactionOutcome, expectRedacted, redactUntilKilled } from '@longwave/testkit/contracts';
import { startRedis } from '@longwave/testkit/services';
import { Random } from '@longwave/testkit/virtual';
import { expect, it, onTestFinished } from 'vitest';
import { redis } from './redis.js';
import { quietLogger } from './testing/quiet-logger.js';
import { retrying } from './testing/retrying.js';

const rounds = 6;

it('RED-1: kill -9 of Redis after a redaction was acknowledged: the data is gone, and the place of the message is there', async () => {
  const server = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
  onTestFinished(() => server.stop());
  const open = () => {
    const store = redis({ url: server.url, durability: 'disk', commandTimeout: 500, logger: quietLogger() });
    onTestFinished(() => store.close());
    return store;
  };
  const random = new Random(11);
  const outcome: RedactionOutcome = { texts: new Map(), acked: new Set() };
  const other = open();
  for (let round = 1; round <= rounds; round++) {
    const store = open();
    await store.ready();
    const options = { channel: 'a', messages: 40, killAfter: 1 + random.below(40), kill: () => server.kill() };
    await redactUntilKilled(store, outcome, options);
    await server.restart();
    for (const each of [other, open()]) {
      const { ops, floor } = await retrying(() => each.read('a', { after: 0, limit: 1e6 }));
      expect(floor).toBe(0);
      expectRedacted(ops, outcome);
    }
  }
  expect(outcome.acked.size).toBeGreaterThanOrEqual(rounds);
}, 60_000);
