import { documentContract, producerContract, storeContract } from '@longwave/testkit/contracts';
import { type NatsServer, startNats } from '@longwave/testkit/services';
import { afterAll, beforeAll } from 'vitest';
import { nats } from './index.js';

let server: NatsServer;
let deployments = 0;

beforeAll(async () => {
  server = await startNats();
});
afterAll(() => server.stop());

function open(nodes: number, maxProducers?: number) {
  let skewMs = 0;
  const options = {
    ...{ servers: server.url, prefix: `contract${++deployments}`, shards: 2, storage: 'memory' as const },
    clock: { now: () => Date.now() + skewMs },
    ...(maxProducers !== undefined && { maxProducers }),
  };
  const [store, other] = Array.from({ length: nodes }, () => nats(options));
  return { store: store!, ...(other && { other }), advance: (byMs: number) => void (skewMs += byMs) };
}

storeContract('NatsStore', () => open(1));
storeContract('NatsStore, of two nodes', () => open(2));
documentContract('NatsStore, of two nodes', () => open(2));
producerContract('NatsStore, of two nodes', (maxProducers) => open(2, maxProducers));
