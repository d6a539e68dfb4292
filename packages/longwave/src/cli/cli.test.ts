import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findFreePort } from '@longwave/testkit/services';
import { describe, expect, it, onTestFinished } from 'vitest';
import { longwave, longwaveWith, serve } from './testing/run.js';

const texts = (lines: readonly string[]): unknown[] =>
  lines.map((line) => (JSON.parse(line) as { data: unknown }).data);

describe('longwave', () => {
  it('says what there is, and exits with 2 on a command line that is wrong', async () => {
    const help = longwave('--help');
    expect(await help.ended).toBe(0);
    for (const word of ['serve', 'pub', 'sub', 'ws', 'bench', 'doctor', 'Exit codes'])
      expect(help.out.all.join('\n')).toContain(word);
    const wrongs = [
      ['sup'],
      ['sub'],
      ['sub', 'x', '--last', 'y'],
      ['sub', 'x', '--from', 'y'],
      ['serve', '--port', '70000'],
    ];
    const runs = wrongs.map((wrong) => longwave(...wrong));
    expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual(wrongs.map(() => 2));
    for (const { err } of runs) expect(err.all.join('\n')).toContain('error:');
  });
});

describe('an output whose reader has left', () => {
  it.each([['--help'], ['serve', '--help'], ['--version'], ['nonsense'], ['doctor', 'http://127.0.0.1:1']])(
    'is no failure of %s',
    async (...args) => {
      const run = longwave(...args);
      run.child.stdout!.destroy();
      expect([0, 2]).toContain(await run.ended);
      expect(run.err.all.join('\n')).not.toMatch(/EPIPE|    at /);
    },
  );
});

describe('longwave pub', () => {
  it('stores the lines in order, the last one without a line break too, and exits with 0', async () => {
    const { url } = await serve();
    const pub = longwave('pub', 'news', '--url', url, '--in-flight', '7');
    const lines = Array.from({ length: 500 }, (_, i) => `line ${i} é😀`);
    pub.type(...lines);
    pub.child.stdin!.write('\r\nno line break');
    pub.endInput();
    expect(await pub.ended).toBe(0);
    expect(pub.err.all.at(-1)).toBe('502 stored');
    const sub = longwave('sub', 'news', '--url', url, '--last', '1000', '--count', '502');
    expect(await sub.ended).toBe(0);
    expect(texts(sub.out.all)).toEqual([...lines, '', 'no line break']);
  });

  it('parses each line with --json, tells which line failed and goes on', async () => {
    const { url } = await serve();
    const pub = longwave('pub', 'news', '--url', url, '--json', '--quiet');
    pub.type('{"n":1}', '', '{"n":', '[2]', `"${'x'.repeat(70_000)}"`, 'null');
    pub.endInput();
    expect(await pub.ended).toBe(1);
    expect(pub.err.all).toEqual([
      expect.stringMatching(/^line 3: invalid-data: /),
      expect.stringMatching(/^line 5: too-large: /),
      '3 stored, 2 failed',
    ]);
    const sub = longwave('sub', 'news', '--url', url, '--last', '9', '--count', '3');
    expect(await sub.ended).toBe(0);
    expect(texts(sub.out.all)).toEqual([{ n: 1 }, [2], null]);
  });

  it('waits for a server that is not there yet', async () => {
    const port = await findFreePort();
    const pub = longwave('pub', 'news', '--url', `http://127.0.0.1:${port}`);
    pub.type('patience');
    pub.endInput();
    await pub.err.find(/^no connection to .*trying again/);
    await serve(port);
    expect(await pub.ended).toBe(0);
  });

  it('does not read ahead of what it can send', async () => {
    const port = await findFreePort();
    const pub = longwave('pub', 'news', '--url', `http://127.0.0.1:${port}`, '--in-flight', '50', '--quiet', '--acks');
    const lines = Array.from({ length: 1000 }, (_, i) => `${i} ${'x'.repeat(2100)}`);
    pub.type(...lines);
    pub.endInput();
    const { url } = await serve(port);
    await pub.out.find(/"line":1,/);
    // Two pipes hold 64 KiB each; the rest of 2 MB still waits on this side.
    expect(pub.child.stdin!.writableLength).toBeGreaterThan(1_000_000);
    expect(await pub.ended).toBe(0);
    expect(pub.out.all).toHaveLength(1000);
    const sub = longwave('sub', 'news', '--url', url, '--last', '1000', '--count', '1000', '--quiet');
    expect(await sub.ended).toBe(0);
    expect(texts(sub.out.all)).toEqual(lines);
  });

  it('on an interrupt waits for acknowledgements, but not for ever', async () => {
    const port = await findFreePort();
    const pub = longwave('pub', 'news', '--url', `http://127.0.0.1:${port}`, '--grace', '0.2');
    pub.type('lost');
    await pub.err.find(/^no connection/);
    pub.kill('SIGINT');
    expect(await pub.ended).toBe(1);
    expect(pub.err.all).toContainEqual(expect.stringMatching(/^line 1: closed: /));
  });

  it('on an interrupt with nothing undone exits with 0', async () => {
    const { url } = await serve();
    const pub = longwave('pub', 'news', '--url', url, '--acks');
    pub.type('kept');
    await pub.out.find(/"line":1/);
    pub.kill('SIGINT');
    expect(await pub.ended).toBe(0);
  });
});

describe('longwave sub', () => {
  it('goes on behind a position, that it tells at the end', async () => {
    const { url } = await serve();
    const pub = longwave('pub', 'news', '--url', url);
    pub.type('a', 'b', 'c', 'd');
    pub.endInput();
    expect(await pub.ended).toBe(0);
    const first = longwave('sub', 'news', '--url', url, '--last', '4', '--count', '2', '--position', '--quiet');
    expect(await first.ended).toBe(0);
    const [, position] = /^position (\S+:2)$/.exec(first.err.all.at(-1)!)!;
    const next = longwave('sub', 'news', '--url', url, '--from', position!, '--count', '2');
    expect(await next.ended).toBe(0);
    expect(texts([...first.out.all, ...next.out.all])).toEqual(['a', 'b', 'c', 'd']);
    const whole = longwave('sub', 'news', '--url', url, '--from', 'start', '--count', '4');
    expect(await whole.ended).toBe(0);
    expect(texts(whole.out.all)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('goes on from the position that it left in a file', async () => {
    const { url } = await serve();
    const folder = await mkdtemp(path.join(tmpdir(), 'longwave-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = path.join(folder, 'position');
    const run = async (...args: readonly string[]) => {
      const sub = longwave('sub', 'news', '--url', url, '--quiet', '--position-file', file, ...args);
      return { code: await sub.ended, texts: texts(sub.out.all), err: sub.err.all };
    };
    const pub = longwave('pub', 'news', '--url', url);
    pub.type('a', 'b', 'c');
    pub.endInput();
    expect(await pub.ended).toBe(0);
    expect(await run('--last', '3', '--count', '1')).toMatchObject({ code: 0, texts: ['a'] });
    expect(await run('--last', '3', '--count', '2')).toMatchObject({ code: 0, texts: ['b', 'c'] });
    expect(await readFile(file, 'utf8')).toMatch(/^\S+:3\n$/);
    expect(await readdir(folder)).toEqual(['position']);
    await writeFile(file, 'no position');
    expect(await run('--count', '1')).toMatchObject({
      code: 1,
      texts: [],
      err: [expect.stringContaining('EPOCH:OFFSET')],
    });
  });

  it('ends quietly when its reader leaves', async () => {
    const { url } = await serve();
    const sub = longwave('sub', 'news', '--url', url, '--quiet', '--position');
    await sub.err.find(/^position/);
    sub.child.stdout!.destroy();
    const pub = longwave('pub', 'news', '--url', url);
    pub.type('to nobody', 'to nobody', 'to nobody');
    pub.endInput();
    expect(await sub.ended).toBe(0);
  });

  it('tells a refusal and exits with 1', async () => {
    const { url } = await serve();
    const sub = longwave('sub', 'a/b/c', '--url', url, '--quiet');
    expect(await sub.ended).toBe(1);
    expect(sub.err.all).toEqual([expect.stringContaining('unknown-channel')]);
    const wrongUrl = longwave('sub', 'a', '--url', 'ftp://x');
    expect(await wrongUrl.ended).toBe(1);
    expect(wrongUrl.err.all).toEqual([expect.stringContaining("'ftp://x' is no address")]);
  });
});

describe('longwave serve', () => {
  it('on SIGTERM sends its clients elsewhere and exits with 0', async () => {
    const server = await serve();
    const sub = longwave('sub', 'news', '--url', server.url, '--json-events');
    await sub.err.find(/"status":"connected"/);
    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    await sub.err.find(/"status":"waiting".*"code":"going-away"/);
  });

  it('says that the port is taken and exits with 1', async () => {
    const { url } = await serve();
    const port = new URL(url).port;
    const second = longwave('serve', '--host', '127.0.0.1', '--port', port);
    expect(await second.ended).toBe(1);
    expect(second.err.all).toEqual([
      `longwave: Port ${port} on 127.0.0.1 is in use. Choose another with --port or PORT.`,
    ]);
  });

  it('is on this machine only and says so, while nobody is asked who he is', async () => {
    const server = longwaveWith({ PORT: '0', LONGWAVE_API_KEY: 'key-1,key-2' }, 'serve');
    const [, url] = await server.out.find(/listens on (http:\/\/127\.0\.0\.1:\d+)$/);
    await server.out.find(/^Everybody who reaches it may read and publish/);
    const post = (authorization: string) =>
      fetch(`${url}/v1/channels/news/messages`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: '{"data":1}',
      });
    expect((await post('Bearer key-2')).status).toBe(201);
    expect((await post('Bearer key-3')).status).toBe(401);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });
});

describe('longwave bench', () => {
  it('counts every delivery', async () => {
    const { url } = await serve();
    const bench = longwave('bench', url, '-n', '5', '-r', '100', '-d', '0.5', '--json');
    expect(await bench.ended).toBe(0);
    expect(JSON.parse(bench.out.all.join(''))).toMatchObject({ published: 50, delivered: 250, lost: 0, duplicated: 0 });
  });
});
