import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../../client-node.js';
import { longwave, longwaveWith, serve } from '../testing/run.js';

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Processes that this one has started, by what Linux says. */
function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

describe('longwave serve --workers', () => {
  it('answers at /metrics for all of them, whichever is asked', async () => {
    const server = await serve(0, '--workers', '2', '--store', `lmdb:${temporaryFolder()}`);
    const clients = Array.from({ length: 12 }, () => connect(server.url));
    onTestFinished(() => clients.forEach((client) => client.close()));
    await Promise.all(clients.map((client) => client.channel('news').publish(1)));
    const figures = async (name: string): Promise<number> => {
      // A connection of its own each time: any worker may get it.
      const response = await fetch(`${server.url}/metrics`, { headers: { connection: 'close' } });
      return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(await response.text())?.[1]);
    };
    for (let i = 0; i < 8; i++) {
      expect(await figures('longwave_connections')).toBe(12);
      expect(await figures('longwave_messages_published_total')).toBe(12);
      expect(await figures('longwave_accepting')).toBe(2);
    }
  });

  it('shares port and store: everybody gets everything, also when a worker is killed, and another takes its place', async () => {
    const store = `lmdb:${temporaryFolder()}`;
    const server = await serve(0, '--workers', '2', '--store', store);
    await server.out.find(/\(2 workers\)$/);
    const workers = childrenOf(server.child.pid!);
    expect(workers).toHaveLength(2);

    const count = 12;
    const total = 200;
    const received: unknown[][] = [];
    const resets: unknown[] = [];
    const lost = new Set<number>();
    const subscribers = Array.from({ length: count }, (_, i) => {
      const client = connect(server.url, { reconnect: { maxDelay: 500 } });
      onTestFinished(() => client.close());
      const seen: unknown[] = [];
      received.push(seen);
      client.onState(({ status }) => void (status === 'waiting' && lost.add(i)));
      return client
        .channel('news')
        .subscribe({ onReset: (reset) => resets.push(reset) }, (data) => void seen.push(data));
    });
    await Promise.all(subscribers.map(({ ready }) => ready));
    const publisher = connect(server.url, { reconnect: { maxDelay: 500 } });
    onTestFinished(() => publisher.close());
    const publish = (from: number, to: number) =>
      Promise.all(
        Array.from({ length: to - from + 1 }, (_, i) =>
          publisher.channel('news').publish(from + i, { timeout: 20_000 }),
        ),
      );
    await publish(1, 100);
    const rest = publish(101, total);
    process.kill(workers[0]!, 'SIGKILL');
    await rest;
    const all = Array.from({ length: total }, (_, i) => i + 1);
    for (const seen of received) {
      await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(total);
      expect(seen).toEqual(all);
    }
    expect(resets).toEqual([]);
    // They were spread over both.
    expect(lost.size).toBeGreaterThan(0);
    expect(lost.size).toBeLessThan(count);
    await server.err.find(
      /^longwave: Worker \d \(process \d+\) was ended by SIGKILL\. Another one starts in 100 ms\.$/,
    );
    await server.out.find(/^Worker \d \(process \d+\) is there again\.$/);
    expect(childrenOf(server.child.pid!)).toHaveLength(2);

    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(server.out.all.at(-1)).toBe('All 2 workers are gone.');
    const again = await serve(0, '--store', store);
    const sub = longwave('sub', 'news', '--url', again.url, '--last', '3', '--count', '3');
    expect(await sub.ended).toBe(0);
    expect(sub.out.all.map((line) => (JSON.parse(line) as { data: unknown }).data)).toEqual(all.slice(-3));
  }, 90_000);

  it('refuses memory, which workers do not share, and exits with 1', async () => {
    const folder = temporaryFolder();
    const config = path.join(folder, 'config.mjs');
    writeFileSync(config, 'export const channels = {};');
    const runs = [
      longwave('serve', '--workers', '2', '--port', '0'),
      longwave('serve', '--workers', '2', '--port', '0', '--store', 'memory:'),
      longwave('serve', '--workers', '2', '--port', '0', config),
    ];
    for (const run of runs) {
      expect(await run.ended).toBe(1);
      expect(run.err.all.join('\n')).toMatch(/2 workers need a store that they share.*--store: lmdb:DIRECTORY/);
    }
  });

  it('ends when a worker cannot begin, and says why', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const run = longwave(
      ...['serve', '--workers', '2', '--host', '127.0.0.1', '--port', String(port)],
      ...['--store', `lmdb:${temporaryFolder()}`],
    );
    expect(await run.ended).toBe(1);
    expect(run.err.all.join('\n')).toMatch(/Port \d+ on 127\.0\.0\.1 is in use\.[^]*before it was ready/);
  });
});

describe('longwave serve --store', () => {
  it('keeps what was stored over a restart, also when LONGWAVE_STORE says it', async () => {
    const store = `lmdb:${path.join(temporaryFolder(), 'new', 'folder')}`;
    const first = await serve(0, '--store', store);
    const pub = longwave('pub', 'news', '--url', first.url, '--quiet');
    pub.type('a', 'b');
    pub.endInput();
    expect(await pub.ended).toBe(0);
    first.kill('SIGKILL');
    await first.ended;
    const second = longwaveWith({ LONGWAVE_STORE: store }, 'serve', '--host', '127.0.0.1', '--port', '0');
    const [, url] = await second.out.find(/listens on (\S+)/);
    const sub = longwave('sub', 'news', '--url', url!, '--last', '5', '--count', '2');
    expect(await sub.ended).toBe(0);
    expect(sub.out.all.map((line) => (JSON.parse(line) as { data: unknown }).data)).toEqual(['a', 'b']);
  });

  it.each([
    ['nope:x', /--store nope: is no store\. There are memory:, lmdb:DIRECTORY, redis:/],
    ['./data', /--store \.\/data is no store/],
    ['lmdb:', /names no directory/],
    ['lmdb:/dev/null', /--store lmdb: The store cannot be opened at \/dev\/null.*directory of its own/],
  ])('says what is wrong with %s', async (store, message) => {
    const run = longwave('serve', '--port', '0', '--store', store);
    expect(await run.ended).toBe(1);
    expect(run.err.all).toEqual([expect.stringMatching(message)]);
  });
});
