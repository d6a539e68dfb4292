import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { memory } from './memory.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

it('LOG-3: what a store in memory has let go of is held by nothing', async () => {
  const store = memory({ maxBytes: 1_000_000 });
  const payloads: WeakRef<Uint8Array>[] = [];
  for (let n = 0; n < 500; n++) {
    const payload = new Uint8Array(20_000);
    payloads.push(new WeakRef(payload));
    store.append(`room${n % 3}`, { payload }, { count: 1000, bytes: 1e9, ageMs: Infinity });
  }
  // References are kept until the task in which they were made is over.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  const held = payloads.filter((payload) => payload.deref() !== undefined).length;
  expect(held * 20_000).toBeLessThanOrEqual(1_000_000);
});
