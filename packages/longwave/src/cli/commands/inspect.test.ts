import { expect, it } from 'vitest';
import { longwave, longwaveWith } from '../testing/run.js';

async function serveWithKey(): Promise<string> {
  const env = { LONGWAVE_API_KEY: 'secret' };
  const { out } = longwaveWith(env, 'serve', '--host', '127.0.0.1', '--port', '0', '--drain', '0');
  const [, url] = await out.find(/listens on (\S+)/);
  return url!;
}

it('longwave inspect: prints nodes and channels, as text and as JSON', async () => {
  const url = await serveWithKey();
  const reader = longwave('sub', 'chat/lobby', '--url', url, '--last', '1');
  const writer = longwave('pub', 'chat/lobby', '--url', url);
  writer.type('hi');
  writer.endInput();
  expect(await writer.ended).toBe(0);
  await reader.out.find(/hi/);
  const inspect = longwave('inspect', url, '--key', 'secret', '--prefix', 'chat/');
  expect([await inspect.ended, inspect.err.all]).toEqual([0, []]);
  expect(inspect.out.all[0]).toBe('1 node, 1 connection');
  expect(inspect.out.all).toContainEqual(
    expect.stringMatching(/^chat\/lobby {2}log +1 +0 +0 +1 +1 +1 {2}10,000 messages/),
  );
  const json = longwave('inspect', url, '--key', 'secret', '--json');
  expect(await json.ended).toBe(0);
  expect(JSON.parse(json.out.all[0]!)).toMatchObject({ channels: [{ channel: 'chat/lobby', subscribers: 1, top: 1 }] });
  reader.kill('SIGTERM');
});

it('longwave inspect: says what is wrong', async () => {
  const url = await serveWithKey();
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[url], '--key or LONGWAVE_API_KEY'],
    [[url, '--key', 'other'], 'answered 401'],
    [['ws://x', '--key', 'a'], 'no http or https URL'],
    [['http://127.0.0.1:1', '--key', 'a'], 'cannot be reached'],
  ];
  for (const [args, said] of cases) {
    const inspect = longwave('inspect', ...args);
    expect(await inspect.ended).toBe(1);
    expect(inspect.err.all).toEqual([expect.stringContaining(said)]);
  }
});
