import { readFileSync } from 'node:fs';
import { createServer as createTcpServer } from 'node:net';
import { once } from 'node:events';
import { LongwaveError } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { type ExamineOptions, examine } from './examine.js';
import type { Finding } from './finding.js';
import type { Report } from './report.js';
import { type TargetOptions, toTarget } from './wire/target.js';
import { type Rudeness, rudeProxy, serveLongwave } from './testing/rude-proxy.js';

const look = (url: string, options: ExamineOptions & TargetOptions = {}): Promise<Report> =>
  examine(toTarget(url, { holdMs: 50, ...options }), options);

/** What waits for something that never comes need not wait long. */
const impatient = { timeoutMs: 400 };

async function lookThrough(rudeness: Rudeness, options: ExamineOptions & TargetOptions = {}): Promise<Report> {
  return look(await rudeProxy(await serveLongwave(), rudeness), options);
}

/** A clock that goes on only when it is told to. */
function stoppedClock(): { readonly now: () => number; readonly goOn: (byMs: number) => void } {
  let time = 0;
  return { now: () => time, goOn: (byMs) => void (time += byMs) };
}

function find({ findings }: Report, area: Finding['area']): Finding {
  return findings.find((finding) => finding.area === area && finding.verdict !== 'ok')!;
}

describe('a server that is reached as it should be', () => {
  it('has nothing to complain of, in the order of the way to it', async () => {
    const report = await look(`http://127.0.0.1:${await serveLongwave()}`);
    expect(report.findings.map(({ area, verdict }) => `${area} ${verdict}`)).toEqual([
      'tcp ok',
      'http ok',
      'websocket ok',
      'stream ok',
      'poll ok',
      'send ok',
    ]);
    expect(report).toMatchObject({
      exitCode: 0,
      transports: { websocket: true, stream: true, poll: true },
      summary: 'All works: WebSocket, streaming and long polling.',
    });
  });

  it('tells findings as they come', async () => {
    const told: Finding[] = [];
    const url = `http://localhost:${await serveLongwave()}`;
    const { findings } = await look(url, { onFinding: (finding) => told.push(finding) });
    expect(told).toEqual(findings);
    expect(told[0]).toMatchObject({ area: 'dns', verdict: 'ok' });
  });

  it('may refuse us, and is examined as far as that goes', async () => {
    const authenticate = (token: string | undefined) => {
      if (token !== 'secret') throw new LongwaveError('unauthenticated');
      return {};
    };
    const url = `http://127.0.0.1:${await serveLongwave({ authenticate })}`;
    const stranger = await look(url);
    expect(find(stranger, 'http').saw).toContain('unauthenticated');
    expect(stranger.exitCode).toBe(0);
    expect((await look(url, { token: 'secret' })).findings.every(({ verdict }) => verdict === 'ok')).toBe(true);
  });

  it('is left alone for a while, and what it keeps open is told', async () => {
    const { findings } = await look(`http://127.0.0.1:${await serveLongwave()}`, { idleMs: 50 });
    const idle = findings.filter(({ area }) => area === 'idle');
    expect(idle.map(({ verdict, data }) => `${verdict} ${data!['what'] as string}`)).toEqual([
      'ok a WebSocket',
      'ok a stream',
      'ok a poll',
    ]);
  });
});

describe('upgrades', () => {
  it.each([
    ['refuse', /answered with 403 by rude\/1\.0/, /Something in between refused/],
    ['swallow', /not answered within/, /go nowhere/],
    ['drop', /closed in place of an answer/, /does not let upgrades through/],
    ['strip', /answered with 426/, /took the Upgrade header away/],
    ['mute', /opens, and then no frame comes through/, /does not pass on what follows/],
    ['hang-up', /opens, and is closed at once/, /does not pass on what follows/],
  ] as const)('%s: is told apart, with what to change', async (upgrade, saw, means) => {
    const quiet = upgrade === 'swallow' || upgrade === 'mute';
    const report = await lookThrough({ upgrade }, quiet ? impatient : {});
    expect(find(report, 'websocket')).toMatchObject({
      verdict: 'fail',
      saw: expect.stringMatching(saw) as string,
      means: expect.stringMatching(means) as string,
      change: expect.arrayContaining([expect.stringContaining('nginx')]) as string[],
    });
    expect(report.exitCode).toBe(1);
    expect(report.summary).toContain('Clients will use streaming.');
  });
});

describe('responses', () => {
  it.each([
    ['collect', /not even its head came|its head came after/],
    ['head', /its head came after .*, when the server had ended it/],
  ] as const)('%s: a stream that is kept back is told, and polls go on', async (responses, saw) => {
    const report = await lookThrough({ responses }, impatient);
    expect(find(report, 'stream').saw).toMatch(saw);
    expect(find(report, 'stream').change!.join()).toContain('proxy_buffering off');
    expect(report.transports).toEqual({ websocket: true, stream: false, poll: true });
    expect(report.exitCode).toBe(1);
  });

  it('a compressor that keeps bytes back is named', async () => {
    const report = await lookThrough({ responses: 'compress' }, impatient);
    expect(find(report, 'stream').change!.join()).toContain('gzip_types');
    expect(find(report, 'headers').saw).toContain('compressed on its way (gzip)');
  });

  it('a cache is named, and works for now', async () => {
    const report = await lookThrough({ responses: 'cache' });
    const saw = report.findings.filter(({ area }) => area === 'headers').map((finding) => finding.saw);
    expect(saw).toEqual([expect.stringContaining('max-age=60'), expect.stringContaining('x-cache: HIT')]);
    expect(report).toMatchObject({
      exitCode: 0,
      summary: expect.stringContaining('2 things could be better') as string,
    });
  });

  it('a cache that only passes is nothing to complain of', async () => {
    const report = await lookThrough({ responses: 'through-cache' });
    expect(report.findings.filter(({ area }) => area === 'headers')).toEqual([]);
  });

  it('what holds each piece of a stream back is warned of', async () => {
    const { now, goOn } = stoppedClock();
    const report = await lookThrough({ responses: 'late', onLate: () => goOn(200) }, { now });
    const finding = find(report, 'stream');
    expect(finding).toMatchObject({ verdict: 'warn', saw: expect.stringContaining('come 199 ms later') as string });
    expect(finding.change!.join()).toContain('TCP_NODELAY');
    expect(report.transports.stream).toBe(true);
  });

  it('what is as late with all answers is not taken for it', async () => {
    const { now, goOn } = stoppedClock();
    const report = await lookThrough({ responses: 'all-late', onLate: () => goOn(200) }, { now });
    const stream = report.findings.filter(({ area }) => area === 'stream');
    expect(stream).toMatchObject([{ verdict: 'ok', data: { firstByteMs: 200 } }]);
  });

  it('says when a silent connection is cut, and what that means', async () => {
    const report = await lookThrough({ cutMs: 2000 }, { idleMs: 3000 });
    const idle = report.findings.filter(({ area }) => area === 'idle');
    expect(idle.map(({ verdict }) => verdict)).toEqual(['warn', 'warn', 'warn']);
    expect(idle[0]!.saw).toMatch(/^a WebSocket was cut after .* \(close 1006\)/);
    expect(idle[2]!.saw).toMatch(/^a silent connection is cut after .* \(504 by rude\/1\.0\)/);
    expect(idle[2]!.change!.join()).toContain('proxy_read_timeout');
    expect(report.exitCode).toBe(0);
  });
});

describe('requests', () => {
  it('finds a Host header that was changed, and goes on as no page', async () => {
    const report = await lookThrough({ host: 'backend:3000' });
    expect(find(report, 'origin')).toMatchObject({
      verdict: 'warn',
      change: expect.arrayContaining([expect.stringContaining('Host header')]) as string[],
    });
    expect(report.transports.websocket).toBe(true);
  });

  it.each([
    [{ bodies: 'damage' }, /5 came damaged/],
    [{ bodies: 'refuse' }, /0 came through: 413/],
    [{ most: 1 }, /of 5 requests at a time \d came through.*429/],
  ] as const)('%j: is told', async (rudeness, saw) => {
    const report = await lookThrough(rudeness);
    expect(find(report, 'send').saw).toMatch(saw);
    expect(report.transports).toEqual({ websocket: true, stream: false, poll: false });
  });
});

describe('what is not there at all', () => {
  it('a proxy without its server', async () => {
    const report = await lookThrough({ dead: true, upgrade: 'refuse' });
    expect(find(report, 'http')).toMatchObject({
      saw: expect.stringContaining('502 by rude/1.0') as string,
      means: expect.stringContaining('does not reach the Longwave server') as string,
    });
    expect(report.exitCode).toBe(2);
  });

  it('a name, a port, and somebody who says nothing', async () => {
    const nameless = await look('http://nowhere.invalid');
    expect(nameless.findings).toMatchObject([{ area: 'dns', verdict: 'fail' }]);
    const tcp = createTcpServer(() => undefined).listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const { port } = tcp.address() as { readonly port: number };
    const mute = await look(`http://127.0.0.1:${port}`, impatient);
    expect(find(mute, 'http').saw).toMatch(/no answer to a POST/);
    const noTls = await look(`https://127.0.0.1:${port}`, impatient);
    expect(find(noTls, 'tls').saw).toMatch(/^no TLS: no answer/);
    tcp.close();
    const closed = createTcpServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const free = (closed.address() as { readonly port: number }).port;
    closed.close();
    await once(closed, 'close');
    const nobody = await look(`http://127.0.0.1:${free}`);
    expect(find(nobody, 'tcp')).toMatchObject({
      verdict: 'fail',
      saw: expect.stringContaining('ECONNREFUSED') as string,
    });
    for (const { exitCode, summary } of [nameless, mute, noTls, nobody]) {
      expect([exitCode, summary]).toEqual([2, 'Nothing works: no client gets through.']);
    }
  });

  it('no address', () => {
    for (const text of ['example.com', 'ftp://example.com', '']) expect(() => toTarget(text)).toThrow(TypeError);
  });
});

describe('TLS', () => {
  const file = (name: string): Buffer => readFileSync(new URL(`../testing/${name}`, import.meta.url));

  it('names what is wrong with a certificate, and goes on', async () => {
    const port = await serveLongwave({ tls: { cert: file('localhost.pem'), key: file('localhost.key') } });
    const report = await look(`https://localhost:${port}`);
    expect(find(report, 'tls')).toMatchObject({
      verdict: 'fail',
      saw: expect.stringMatching(/^TLSv1\.3; .*DEPTH_ZERO_SELF_SIGNED_CERT/) as string,
    });
    expect(report.exitCode).toBe(2);
    const careless = await look(`https://127.0.0.1:${port}`, { insecure: true });
    expect(careless.exitCode).toBe(0);
    expect(careless.findings.filter(({ verdict }) => verdict === 'fail')).toHaveLength(1);
  });
});
