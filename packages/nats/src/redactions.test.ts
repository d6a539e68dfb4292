import { type RedactionOutcome, expectRedacted, redactUntilKilled } from '@longwave/testkit/contracts';
import { type NatsServer, startNats } from '@longwave/testkit/services';
import { Random } from '@longwave/testkit/virtual';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Deployments, untilDone } from './testing/deployment.js';

const rounds = 3;

let server: NatsServer;
let deployments: Deployments;

beforeAll(async () => {
  server = await startNats();
  deployments = new Deployments(server.url);
});
afterAll(async () => {
  await deployments.close();
  await server.stop();
});

it('RED-1: kill -9 of the server after a redaction was acknowledged: the data is gone for all nodes, and the place of the message is there', async () => {
  const open = deployments.create({ shards: 1 });
  const nodes = [open(), open()];
  const random = new Random(11);
  const outcome: RedactionOutcome = { texts: new Map(), acked: new Set() };
  for (let round = 1; round <= rounds; round++) {
    const options = { channel: 'a', messages: 40, killAfter: 1 + random.below(40), kill: () => server.kill() };
    await redactUntilKilled(nodes[round % 2]!, outcome, options);
    await server.start();
    for (const node of [...nodes, open()]) {
      expectRedacted((await untilDone(() => node.read('a', { after: 0, limit: 1e6 }))).ops, outcome);
    }
  }
  expect(outcome.acked.size).toBeGreaterThanOrEqual(rounds);
}, 60_000);
