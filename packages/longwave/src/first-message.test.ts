import type { Transport } from '@longwave/client';
import { createServer } from '@longwave/node';
import { defineChannels, log } from '@longwave/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, streamTransport } from './client-node.js';
import { type FaultProxy, startFaultProxy } from './testing/fault-proxy.js';

const server = createServer({ channels: defineChannels({ news: log() }) });
const report: string[] = [];
let proxy: FaultProxy;

beforeAll(async () => {
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  proxy = await startFaultProxy([port]);
  await server.channel('news').publish('news');
});

afterAll(async () => {
  process.stdout.write(`${['', 'Time to the first message, milliseconds', ...report].join('\n')}\n\n`);
  await proxy.close();
  await server.close();
});

/** The transport of one network, remembered over clients as a page's storage does it. */
function createMemory() {
  let name: string | undefined;
  return { get: () => name, set: (given: string | undefined) => void (name = given) };
}

/** From `connect` to the first message of a subscription. */
async function firstMessage(memory: ReturnType<typeof createMemory>) {
  const from = performance.now();
  const environment = { onWake: () => () => undefined, isOnline: () => undefined, memory };
  const client = connect(proxy.url, { transport: 'auto', environment });
  await new Promise<void>((resolve) => client.channel('news').subscribe({ from: { last: 1 } }, () => resolve()));
  const ms = performance.now() - from;
  const { state } = client;
  client.close();
  return { ms, transport: state.status === 'connected' ? `${state.transport} (${state.why})` : state.status };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

type Row = readonly [
  name: string,
  websocket: FaultProxy['fates']['websocket'],
  stream: FaultProxy['fates']['stream'],
  winner: string,
];

const rows: readonly Row[] = [
  ['nothing in the way', 'pass', 'pass', 'websocket'],
  ['WebSocket refused with 403', 403, 'pass', 'stream'],
  ['WebSocket refused with 404', 404, 'pass', 'stream'],
  ['WebSocket cut at the upgrade', 'cut', 'pass', 'stream'],
  ['WebSocket swallowed', 'swallow', 'pass', 'stream'],
  ['WebSocket and stream refused', 403, 403, 'poll'],
  ['WebSocket refused, stream withheld', 403, 'withhold', 'poll'],
  ['WebSocket swallowed, stream withheld', 'swallow', 'withhold', 'poll'],
];

describe('CLI-7: the first message comes over what the network lets through', () => {
  it.each(rows)('%s', async (name, websocket, stream, winner) => {
    Object.assign(proxy.fates, { websocket, stream });
    const [firsts, nexts]: [number[], number[]] = [[], []];
    for (let run = 0; run < ([websocket, stream].includes('swallow') || stream === 'withhold' ? 2 : 5); run++) {
      const memory = createMemory();
      const first = await firstMessage(memory);
      expect(first.transport).toBe(`${winner} (${winner === 'websocket' ? 'preferred' : 'fallback'})`);
      const next = await firstMessage(memory);
      expect(next.transport).toBe(`${winner} (${winner === 'websocket' ? 'preferred' : 'remembered'})`);
      firsts.push(first.ms);
      nexts.push(next.ms);
    }
    const [first, next] = [median(firsts), median(nexts)];
    report.push(
      `${name.padEnd(38)} ${winner.padEnd(10)} first ${first.toFixed(0).padStart(5)}  next ${next.toFixed(0).padStart(4)}`,
    );
  });

  it('a transport that throws is left at once, as one that fails', async () => {
    proxy.fates.stream = 'pass';
    const broken: Transport = {
      name: 'broken',
      connect: () => {
        throw new Error('not here');
      },
    };
    const client = connect(proxy.url, { transport: [broken, streamTransport()] });
    await new Promise<void>((resolve) => client.channel('news').subscribe({ from: { last: 1 } }, () => resolve()));
    expect(client.state).toMatchObject({ transport: 'stream', why: 'fallback' });
    client.close();
  });
});
