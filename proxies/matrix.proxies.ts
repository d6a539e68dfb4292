import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { type TransportChoice, throughForwardProxy, transportNames, withShortPolls } from './harness/approaches.js';
import { certificateFile } from './harness/certificate.js';
import { Cluster } from './harness/cluster.js';
import { startReverseProxy, startSquid } from './harness/proxy.js';
import { play, script } from './harness/script.js';
import { type Approach, World } from './harness/world.js';

interface Row {
  readonly config: string;
  /** What gets through, and which of it is chosen where that is left to the client, with and without TLS. */
  readonly works: readonly TransportChoice[];
  readonly chosen: { readonly http: string | undefined; readonly https: string | undefined };
  readonly squid?: boolean;
  /** Over these, nodes do not go and come back. */
  readonly nodesStay?: readonly TransportChoice[];
  /** Default: all there is. */
  readonly catchUp?: number;
  /** Of the servers, and of a pause, in a row about patience. */
  readonly impatient?: { readonly heartbeatMs: number; readonly holdMs: number; readonly idleMs: number };
}

const all = transportNames;
const http = ['stream', 'poll', 'auto'] as const;
const both = (name: string) => ({ http: name, https: name });

const rows: readonly Row[] = [
  { config: 'nginx-plain.conf', works: http, chosen: both('stream') },
  { config: 'nginx.conf', works: all, chosen: both('websocket') },
  { config: 'nginx-no-upgrade.conf', works: http, chosen: both('stream') },
  // Of more than the proxy's buffers hold, the beginning of a stream gets through: a client then takes it for one that works,
  // and hears nothing of what comes later.
  { config: 'nginx-buffering.conf', works: ['poll', 'auto'], chosen: both('poll'), catchUp: 20 },
  {
    config: 'nginx-impatient.conf',
    works: all,
    // Each is cut when it is silent, and a client goes on to what is cut least.
    chosen: { http: undefined, https: undefined },
    impatient: { heartbeatMs: 3000, holdMs: 1667, idleMs: 5000 },
  },
  // Without health checks and redispatch, half of all requests go to a node that is gone, and fail after 3 s.
  { config: 'haproxy-plain.cfg', works: all, chosen: both('websocket'), nodesStay: ['stream', 'poll'] },
  { config: 'haproxy.cfg', works: all, chosen: both('websocket') },
  // As it comes, squid makes tunnels to port 443 alone: without TLS no WebSocket gets through.
  { config: 'squid.conf', works: all, chosen: { http: 'stream', https: 'websocket' }, squid: true },
];

const results: string[] = [];

async function verifyRow(row: Row, choice: TransportChoice, isSecure: boolean): Promise<void> {
  const { config, chosen, squid, impatient, nodesStay = [], catchUp = 10_000 } = row;
  const ends: (() => Promise<void>)[] = [];
  try {
    const cluster = await Cluster.start(impatient);
    ends.push(() => cluster.stop());
    const proxy = await startReverseProxy(squid ? 'nginx.conf' : config, cluster.ports);
    ends.push(() => proxy.stop());
    let transport: Approach['transport'] = () => (choice === 'auto' ? 'auto' : choice);
    if (squid) {
      const forward = await startSquid(Number(new URL(proxy.url(true)).port));
      ends.push(() => forward.stop());
      const ca = readFileSync(certificateFile, 'utf8');
      transport = () => throughForwardProxy(choice, forward.url, ca);
    } else if (impatient) transport = () => withShortPolls(choice, impatient.holdMs);
    const world = new World(cluster, {
      url: proxy.url(isSecure),
      transport,
      idleMs: impatient?.idleMs ?? 300,
      catchUp,
      nodesGo: !nodesStay.includes(choice),
    });
    ends.push(async () => world.close());
    await play(world);
    expect(await world.faults()).toEqual([]);
    const expected = choice === 'auto' ? chosen[isSecure ? 'https' : 'http'] : choice;
    if (expected !== undefined) expect(world.transports.at(-1)).toBe(expected);
    world.close();
    await cluster.stop();
    // Round robin without affinity: both did their share.
    expect(Math.min(...cluster.accepted)).toBeGreaterThan(0);
    results.push(
      `${config.padEnd(22)} ${isSecure ? 'https' : 'http '}  ${choice.padEnd(10)} ${world.transports.at(-1)!.padEnd(10)} ` +
        `requests ${cluster.accepted.join(' + ')}`,
    );
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

describe(`two nodes behind a proxy, ${script.length} steps: nothing lost, duplicated or reordered`, () => {
  for (const row of rows) {
    for (const isSecure of [false, true]) {
      for (const choice of row.works) {
        if (choice === 'websocket' && row.squid === true && !isSecure) continue;
        const name = `${row.config}, ${isSecure ? 'https' : 'http'}, ${choice}`;
        it.concurrent(name, () => verifyRow(row, choice, isSecure), 90_000);
      }
    }
  }
  afterAll(() => console.log(results.toSorted().join('\n')));
});
