import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findFreePort, startDaemon } from '@longwave/testkit/services';

export interface Balancer {
  readonly url: string;
  stop(): Promise<void>;
}

/** HAProxy in front of the nodes, round robin, as docs/deployment.md asks for it. It must be installed. */
export async function startBalancer(nodes: readonly number[]): Promise<Balancer> {
  const port = await findFreePort();
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-chaos-'));
  const file = path.join(folder, 'haproxy.cfg');
  writeFileSync(file, configuration(port, nodes));
  const daemon = await startDaemon(['haproxy', '-db', '-f', file], [port]);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A node that is gone refuses connections, one that drains answers 503: another is asked. */
function configuration(port: number, nodes: readonly number[]): string {
  return `global
  maxconn 9000
  nbthread 1
defaults
  mode http
  timeout connect 2s
  timeout http-request 10s
  timeout client 75s
  timeout server 75s
  timeout tunnel 75s
  option redispatch 1
  retries 2
frontend web
  bind 127.0.0.1:${port} backlog 4096
  default_backend nodes
backend nodes
  balance roundrobin
  retry-on conn-failure 503
  http-request disable-l7-retry if METH_POST
${nodes.map((node, i) => `  server node${i} 127.0.0.1:${node}`).join('\n')}
`;
}
