import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Cluster } from './harness/cluster.js';
import { startReverseProxy } from './harness/proxy.js';

interface Report {
  readonly exitCode: number;
  readonly transports: Readonly<Record<string, boolean>>;
  readonly findings: readonly {
    readonly area: string;
    readonly verdict: string;
    readonly saw: string;
    readonly change?: readonly string[];
  }[];
}

const bin = fileURLToPath(new URL('../packages/longwave/bin/longwave.js', import.meta.url));

async function examine(...args: readonly string[]): Promise<Report> {
  const child = spawn(process.execPath, [bin, 'doctor', '--json', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) out += chunk as string;
  return JSON.parse(out) as Report;
}

const works = (websocket: boolean, stream: boolean) => ({ websocket, stream, poll: true });

/** What is wrong, as `area: what was seen` and what to change. */
const rows = [
  {
    config: 'nginx-plain.conf',
    transports: works(false, true),
    says: [
      'origin: the server refuses pages',
      'websocket: the upgrade was answered with 426 by nginx',
      'proxy_set_header Host',
    ],
  },
  { config: 'nginx.conf', transports: works(true, true), says: [] },
  {
    config: 'nginx-no-upgrade.conf',
    transports: works(false, true),
    says: ['websocket: the upgrade was answered with 403 by nginx', 'proxy_set_header Upgrade'],
  },
  {
    config: 'nginx-buffering.conf',
    transports: works(false, false),
    says: ['websocket: the upgrade was answered with 426', 'stream: the response is kept back', 'proxy_buffering off'],
  },
  {
    config: 'nginx-impatient.conf',
    transports: works(true, true),
    idle: 3.5,
    says: ['idle: a WebSocket was cut after', 'idle: a silent connection is cut after', 'proxy_read_timeout 75s'],
  },
  {
    config: 'haproxy-plain.cfg',
    transports: works(true, true),
    says: ['stream: the first bytes of a stream come', 'option http-no-delay'],
  },
  { config: 'haproxy.cfg', transports: works(true, true), says: [] },
];

describe('longwave doctor, through real proxies', () => {
  it.concurrent.each(rows)('$config', async ({ config, transports, says, idle }) => {
    const cluster = await Cluster.start();
    const proxy = await startReverseProxy(config, cluster.ports);
    try {
      const more = ['--timeout', '2', ...(idle === undefined ? [] : ['--idle', String(idle)])];
      const report = await examine(proxy.url(false), ...more);
      expect(report.transports).toEqual(transports);
      const bad = report.findings.filter(({ verdict }) => verdict === 'warn' || verdict === 'fail');
      const told = bad.map(({ area, saw, change = [] }) => [`${area}: ${saw}`, ...change].join('\n')).join('\n');
      for (const words of says) expect(told).toContain(words);
      if (says.length === 0) expect(told).toBe('');
      // Round robin: the doctor has met both.
      expect(report.findings.find(({ area }) => area === 'send')?.saw).toContain('to 2 nodes in turn');
      const tls = await examine(proxy.url(true), '--timeout', '2');
      expect(tls.findings.find(({ area }) => area === 'tls')?.saw).toMatch(
        /^TLSv1\.[23], the certificate of localhost/,
      );
      expect(tls.transports).toEqual(transports);
    } finally {
      await proxy.stop();
      await cluster.stop();
    }
  });
});
