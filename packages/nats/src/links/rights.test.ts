import { connect } from '@nats-io/transport-node';
import { type NatsServer, startNats, until } from '@longwave/testkit/services';
import { afterEach, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { Deployments, Follower, appendUntilStored } from '../testing/deployment.js';
import { readServers } from '../server-urls.js';

let server: NatsServer | undefined;
let deployments: Deployments | undefined;
afterEach(async () => {
  await deployments?.close();
  await server?.stop();
});

/** The rights that README tells operators to give: its block of configuration, for the prefix of the test. */
function rightsOfReadme(): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const block = /```conf rights\n([^`]*)```/.exec(readme)![1]!;
  return block.replaceAll('longwave', 'least');
}

async function start(rights: string): Promise<string[]> {
  server = await startNats(rights);
  const told: string[] = [];
  deployments = new Deployments(`nats://node:secret@${server.url}`);
  return told;
}
const loggerOf = (told: string[]) => ({
  error: (message: string) => void told.push(message),
  info: () => undefined,
});
const options = { prefix: 'least', shards: 2, checkpointBytes: 2000, timeout: 1000 } as const;

describe('a user with the rights that README lists', () => {
  it('can do all that a node does: write, read, checkpoint, expire and follow', async () => {
    const told = await start(rightsOfReadme());
    let now = Date.now();
    const open = deployments!.create({ ...options, logger: loggerOf(told), clock: { now: () => now } });
    const [one, other] = [open(), open()];
    const put = (seq: number) => appendUntilStored(one, 'a', `${seq}`.padEnd(3000, ' '), { id: 'p', seq });
    await put(1);
    const follower = await Follower.start(other, 'a');
    for (let seq = 2; seq <= 100; seq++) await put(seq);
    const keep = { keys: 10, bytes: 1e6, removals: 10 };
    await one.append('s', { key: 'k', payload: '1', ttlMs: 300, holder: 'n' }, keep);
    for (let i = 0; i < 4; i++) {
      now += 4000;
      await one.expire();
      await other.expire();
    }
    await follower.until(() => follower.top === 100);
    const fresh = open();
    expect((await fresh.read('a', { after: 0, limit: 1000 })).ops).toHaveLength(100);
    await until(async () => {
      await one.expire();
      return (await fresh.read('s', { limit: 10 })).ops.length === 0;
    });
    expect(told).toEqual([]);
  }, 30_000);
});

describe('a user who lacks one of them', () => {
  const missing = [
    '$JS.FC.',
    '$JS.API.STREAM.PURGE.',
    '$JS.API.STREAM.MSG.GET.',
    '$JS.API.STREAM.MSG.DELETE.',
    '$JS.API.CONSUMER.DELETE.',
    'least.journal.',
    'least.meta.',
  ];
  it.each(missing)('makes a node that is not ready, and says what is missing: %s', async (right) => {
    const rights = rightsOfReadme()
      .split('\n')
      .filter((line) => !line.includes(`"${right}`))
      .join('\n');
    const told = await start(rights);
    const store = deployments!.create({ ...options, logger: loggerOf(told), timeout: 300 })();
    await expect(store.bounds('a')).rejects.toThrow(/cannot be used/);
    await until(() => told.some((line) => line.includes('may not publish to') && line.includes(right)));
    expect(told.join('\n')).not.toContain('secret');
    // One line for a cause, however often it is tried.
    expect(told.length).toBeLessThanOrEqual(3);
  });
});

describe('credentials in the address of a server', () => {
  it('are used, and stand in no message', async () => {
    const told = await start('authorization { user: "node", password: "p@ss:w/rd" }');
    const open = (url: string) => deployments!.create({ servers: url, timeout: 300, logger: loggerOf(told) })();
    const right = open(`nats://node:${encodeURIComponent('p@ss:w/rd')}@${server!.url}`);
    await appendUntilStored(right, 'a', '1', { id: 'p', seq: 1 });
    const wrong = open(`nats://node:wr0ng@${server!.url}`);
    const error = await Promise.resolve(wrong.bounds('a')).then(() => 'it can be used', String);
    expect(error).toMatch(/NATS at 127\.0\.0\.1:\d+ cannot be used: .*uthori/i);
    expect(`${error} ${told.join()}`).not.toMatch(/wr0ng|p@ss/);
    await connect({ servers: server!.url, user: 'node', pass: 'p@ss:w/rd' }).then((connection) => connection.close());
  });

  it.each([
    ['127.0.0.1:4222', ['127.0.0.1:4222'], {}],
    ['nats://a:1,nats://b:2', ['a:1', 'b:2'], {}],
    ['nats://s3cret@a:1', ['a:1'], { token: 's3cret' }],
    ['tls://u:p%40@a', ['a'], { user: 'u', pass: 'p@', tls: {} }],
    ['nats://[::1]:4222', ['[::1]:4222'], {}],
  ])('%s', (text, addresses, credentials) => {
    expect(readServers([text])).toEqual({ addresses, credentials });
  });

  it.each(['http://u:s3cret@a', 'nats://u:s3cret@', 'nats://u:s3cret@a:x', 'nats://u:s3cret@a,nats://u:s3cret2@b'])(
    'is refused where it makes no sense, without what is secret: %s',
    (text) => {
      expect(() => readServers([text])).toThrow(/^nats: servers cannot be used: (?!.*s3cret)/);
    },
  );
});

it('an outage is told on standard error where no logger was given', async () => {
  server = await startNats();
  deployments = new Deployments(server.url);
  await server.kill();
  const lines: string[] = [];
  const { write } = process.stderr;
  process.stderr.write = ((line: string) => lines.push(line) > 0) as typeof write;
  try {
    const store = deployments.create({ timeout: 200 })();
    await expect(store.bounds('a')).rejects.toThrow(/cannot be used/);
  } finally {
    process.stderr.write = write;
  }
  expect(lines.filter((line) => line.startsWith('NATS cannot be used'))).toHaveLength(1);
});
