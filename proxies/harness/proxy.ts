import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { certificateFile, keyFile, writeCombined } from './certificate.js';
import { findFreePort, startDaemon } from '@longwave/testkit/services';

export interface Proxy {
  /** Of the proxy, as a client names it. */
  url(isSecure: boolean): string;
  stop(): Promise<void>;
}

/** Where a configuration says what is otherwise on this machine. Each must stand in it. */
type Replacements = readonly (readonly [written: string, here: string])[];

const configs = new URL('../configs/', import.meta.url);

/** Starts nginx or HAProxy with a file of `configs/`, in front of two nodes. */
export async function startReverseProxy(config: string, nodes: readonly [number, number]): Promise<Proxy> {
  const [port, tlsPort] = [await findFreePort(), await findFreePort()];
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-proxies-'));
  const where = { port, tlsPort, nodes, folder };
  const command = config.startsWith('nginx') ? nginx(config, where) : haproxy(config, where);
  const daemon = await startDaemon(command, [port, tlsPort]);
  return {
    url: (isSecure) => (isSecure ? `https://127.0.0.1:${tlsPort}` : `http://127.0.0.1:${port}`),
    stop: async () => {
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts nginx or HAProxy with its file of `deploy/`, over plain HTTP, in front of one node. */
export async function startDeployed(kind: 'nginx' | 'haproxy', node: number): Promise<Proxy> {
  const port = await findFreePort();
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-deployed-'));
  const file = path.join(folder, 'config');
  const nodes = ['11', '12', '13'].map((last) => [`172.28.80.${last}:8080`, `127.0.0.1:${node}`] as const);
  const own: Replacements =
    kind === 'nginx'
      ? [
          ['listen 80', `listen 127.0.0.1:${port}`],
          ['include /etc/nginx/longwave/*.conf;', ''],
          ['/run/nginx.pid', `${folder}/pid`],
          ['worker_processes auto', `${process.getuid?.() === 0 ? 'user root; ' : ''}daemon off; worker_processes 1`],
          ['worker_rlimit_nofile 262144;', ''],
          ['worker_connections 131072', 'worker_connections 512'],
        ]
      : [
          ['bind :80', `bind 127.0.0.1:${port}`],
          ['bind :443 ssl crt /etc/haproxy/longwave.pem alpn h2,http/1.1 backlog 4096', ''],
          ['maxconn 100000', 'maxconn 500'],
        ];
  writeFileSync(file, fill(`../../deploy/${kind}/${kind}.${kind === 'nginx' ? 'conf' : 'cfg'}`, [...nodes, ...own]));
  const command = kind === 'nginx' ? ['nginx', '-e', 'stderr', '-c', file] : ['haproxy', '-db', '-q', '-f', file];
  const daemon = await startDaemon(command, [port]);
  return {
    url: () => `http://127.0.0.1:${port}`,
    stop: async () => {
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Where {
  readonly port: number;
  readonly tlsPort: number;
  readonly nodes: readonly [number, number];
  readonly folder: string;
}

/** Those who stand for the example's machines. */
function backends({ nodes }: Where): Replacements {
  return nodes.map((node, i) => [`10.0.0.${i + 1}:8080`, `127.0.0.1:${node}`] as const);
}

function nginx(config: string, where: Where): string[] {
  const { port, tlsPort, folder } = where;
  const http = fill(config, [
    ...backends(where),
    ['listen 80;', `listen 127.0.0.1:${port};`],
    ['listen 443 ssl', `listen 127.0.0.1:${tlsPort} ssl`],
    ['/etc/ssl/example.com.pem', certificateFile],
    ['/etc/ssl/example.com.key', keyFile],
    // What takes half a minute elsewhere: 30 to the heartbeat of 45 s and the poll of 25 s as 2 to 3 and 1.67.
    ...(config === 'nginx-impatient.conf' ? [['30s', '2s'] as const] : []),
  ]);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const text = `${user} daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr error;
events { worker_connections 512; }
http { access_log off; ${temporary}
${http}
}
`;
  const file = path.join(folder, 'nginx.conf');
  writeFileSync(file, text);
  return ['nginx', '-e', 'stderr', '-c', file];
}

function haproxy(config: string, where: Where): string[] {
  const { port, tlsPort, folder } = where;
  const text = fill(config, [
    ...backends(where),
    ['bind :80', `bind 127.0.0.1:${port}`],
    ['bind :443', `bind 127.0.0.1:${tlsPort}`],
    ['/etc/ssl/example.com.combined.pem', writeCombined(folder)],
  ]);
  const file = path.join(folder, 'haproxy.cfg');
  writeFileSync(file, text);
  return ['haproxy', '-db', '-q', '-f', file];
}

/** squid as a forward proxy that lets tunnels go to `tlsPort` alone, as others let them go to 443. Gives its address. */
export async function startSquid(tlsPort: number): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const port = await findFreePort();
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-squid-'));
  const conf = fill('squid.conf', [
    ['http_port 3128', `http_port 127.0.0.1:${port}`],
    ['SSL_ports port 443', `SSL_ports port ${tlsPort}`],
  ]);
  const quiet = `pid_filename none\ncache_log /dev/null\naccess_log none\nnetdb_filename none\npinger_enable off
shutdown_lifetime 0 seconds\nvisible_hostname squid.test\ncoredump_dir ${folder}\n`;
  const file = path.join(folder, 'squid.conf');
  writeFileSync(file, conf + quiet);
  const daemon = await startDaemon(['squid', '-N', '-f', file], [port]);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function fill(config: string, replacements: Replacements): string {
  let text = readFileSync(new URL(config, configs), 'utf8');
  for (const [written, here] of replacements) {
    if (!text.includes(written)) throw new Error(`${config} does not hold '${written}'.`);
    text = text.replaceAll(written, here);
  }
  return text;
}
