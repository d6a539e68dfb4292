import { type ClientFrame, call, defineCalls, defineChannels, log } from '@longwave/protocol';
import { expect, it } from 'vitest';
import { createHarness } from '../testing/harness.js';

const anything = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } } as const;

it('HTTP-15, LIM-1: what a client has in flight is bounded over all its requests together, and free again when it is answered', async () => {
  let running = 0;
  const answer: (() => void)[] = [];
  const slow = call(anything, () => {
    running++;
    return new Promise<string>((resolve) => answer.push(() => resolve('x')));
  });
  const harness = createHarness(defineChannels({ room: log() }), { calls: defineCalls({ slow }) });
  const calls = (client: string, count: number): ClientFrame[] => [
    { type: 'connect', version: 1, client },
    ...Array.from({ length: count }, (_, i): ClientFrame => ({ type: 'call', id: i, method: 'slow', data: 1 })),
  ];
  const requests = Array.from({ length: 5 }, () => harness.request('send', calls('a', 100)));
  expect(running).toBe(128);
  const refused = requests.flatMap(({ frames }) => frames.filter((frame) => frame.type === 'error'));
  expect(refused).toHaveLength(500 - 128);
  expect(refused[0]).toMatchObject({ code: 'rate-limited', retryAfterMs: 100 });
  const other = harness.request('send', calls('b', 1));
  expect(running).toBe(129);
  // One is cut off: its calls run on all the same.
  requests[0]!.session.closed();
  harness.request('send', calls('a', 1));
  expect(running).toBe(129);
  for (const end of answer.splice(0)) end();
  await new Promise((resolve) => setImmediate(resolve));
  harness.clock.turn();
  expect(other.types).toContain('reply');
  harness.request('send', calls('a', 128));
  expect(running).toBe(129 + 128);
});
