import { readFile } from 'node:fs/promises';
import { redactionPayload } from '@longwave/protocol';
import { startRedis } from '@longwave/testkit/services';
import { expect, it, onTestFinished } from 'vitest';
import { channelKeys, shardOf } from './keys.js';
import { redis } from './redis.js';
import { quietLogger } from './testing/quiet-logger.js';
import { retrying, wide } from './testing/retrying.js';

const bounds = { keys: 9, bytes: 99, removals: 0 };

/** Commands that were carried out, subcommands as `client|kill`. */
function commandsOf(stats: string): Set<string> {
  return new Set([...stats.matchAll(/^cmdstat_(\S+):calls=/gm)].map(([, command]) => command!));
}

it('a user needs the rights that the README names, and no others', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const rights = /^~\{longwave.*$/m.exec(readme)![0].split(' ');
  const server = await startRedis();
  onTestFinished(() => server.stop());
  await server.command('ACL', 'SETUSER', 'app', 'on', '>secret', ...rights);
  await server.command('CONFIG', 'RESETSTAT');
  const store = redis({
    ...{ url: server.url, client: { username: 'app', password: 'secret' }, logger: quietLogger() },
    ...{ shards: 1, maxProducers: 100 },
  });
  onTestFinished(() => store.close());
  await store.ready();

  const unwatch = await store.watch('a', { announce: () => undefined, learn: () => undefined });
  const producer = { id: 'p', seq: 1 };
  await store.append('a', { payload: '1', id: 'x', producer }, { ...wide, count: 1 });
  await store.append('a', { payload: '2' }, { ...wide, count: 1 });
  for (const key of ['x', 'y']) await store.append('s', { key, payload: '1', ttlMs: 0, holder: 'n' }, bounds);
  await store.append('s', { key: 'y', kind: 'delete', payload: '' }, bounds);
  await store.append('s', { key: 'y', payload: '2', ttlMs: 1e9 }, bounds);
  await store.expire();
  expect((await store.read('s', { after: 0, limit: 9 })).ops.map(({ key }) => key)).toEqual(['y']);
  expect(await store.read('a', { after: 0, limit: 9 })).toMatchObject({ floor: 1, top: 2 });
  const { epoch } = await store.bounds('a');
  await store.append('a', { payload: '3', id: 'z' }, { ...wide, count: 3 });
  await store.append('a', { payload: '4', id: 'w' }, { ...wide, count: 3 });
  const redaction = { payload: redactionPayload({ offset: 4 }), redacts: { epoch, offset: 4 } };
  expect(await store.append('a', redaction, wide)).toMatchObject({ offset: 5 });
  expect((await store.read('a', { after: 3, limit: 1 })).ops).toMatchObject([{ kind: 'redacted', payload: '' }]);
  expect(await store.compact('a', { epoch, offset: 3, payload: new Uint8Array(1) })).toBe(true);
  // More publishers than are remembered, and more of one user than they may have.
  for (let seq = 1; seq <= 20; seq++) {
    const append = (id: string, user?: string) =>
      store.append('a', { payload: '5', user, producer: { id, seq }, id: `${id} ${seq}` }, wide);
    await Promise.all(Array.from({ length: 80 }, (_, i) => append(`u${i}`, 'ada')));
    await Promise.all(Array.from({ length: 80 }, (_, i) => append(`n${i}`)));
  }
  await Promise.all(
    Array.from({ length: 160 }, (_, i) =>
      store.append('b', { payload: '5', user: `user ${i % 4}`, producer: { id: `${i}`, seq: 1 } }, wide),
    ),
  );
  // Its memory of ids vanishes, as where a server evicts.
  await store.append('s', { key: 'y', payload: '3', id: 'one' }, bounds);
  await server.command('DEL', channelKeys('longwave:', shardOf('s', 1), 's').ids);
  await store.append('s', { key: 'y', payload: '4', id: 'two' }, bounds);
  // More channels than the shard remembers the changes of.
  await Promise.all(Array.from({ length: 4200 }, (_, i) => store.append(`many ${i}`, { payload: '6' }, wide)));
  await store.bounds('never written');
  await server.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await retrying(() => store.append('a', { payload: '7' }, wide));
  unwatch();

  const used = commandsOf(await server.command('INFO', 'commandstats'));
  // Commands of this test itself, and those that every user may give.
  for (const own of ['acl|setuser', 'config|resetstat', 'auth', 'quit', 'del']) used.delete(own);
  const named = rights.flatMap((right) => (right.startsWith('+') ? [right.slice(1)] : []));
  const isNamed = (command: string) => named.includes(command) || named.includes(command.split('|')[0]!);
  expect([...used].filter((command) => !isNamed(command))).toEqual([]);
  const containers = new Set([...used].flatMap((command) => [command, command.split('|')[0]!]));
  expect(named.filter((right) => !containers.has(right))).toEqual([]);
  expect(await server.command('ACL', 'LOG')).toBe('');
}, 60_000);
