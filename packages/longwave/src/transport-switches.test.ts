import { type ServerOptions, createServer, memory } from '@longwave/node';
import { defineChannels, log } from '@longwave/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { Random } from '@longwave/testkit/virtual';
import { type Fate, type FaultProxy, startFaultProxy } from './testing/fault-proxy.js';
import { binaryCodec } from './client.js';
import { Publisher } from './testing/publisher.js';
import { openClient, openSwitching } from './testing/switching-client.js';

const codecOf = (name: 'json' | 'binary') => (name === 'json' ? name : binaryCodec());

const channels = defineChannels({ switches: log({ retain: { maxCount: 1_000_000, maxBytes: 256 * 1024 * 1024 } }) });
type Channels = typeof channels;
const transports = ['websocket', 'stream', 'poll'] as const;
type Name = (typeof transports)[number];
type Entry = readonly [publisher: string, seq: number];

/** Nodes over one store. */
async function startNodes(count: number) {
  const options: ServerOptions<Channels> = { channels, store: memory() };
  const nodes = Array.from({ length: count }, () => createServer(options));
  onTestFinished(async () => void (await Promise.all(nodes.map((node) => node.close()))));
  const ports: number[] = [];
  for (const node of nodes) ports.push((await node.listen({ port: 0, host: '127.0.0.1' })).port);
  return { nodes, ports };
}

/** In front of them a load balancer that knows nothing of who was where. */
async function startProxy(ports: readonly number[]): Promise<FaultProxy> {
  const proxy = await startFaultProxy(ports);
  onTestFinished(() => proxy.close());
  return proxy;
}

/** Leaves no way but `to`; upwards mostly also the one in use, so that it changes over while that stands (CLI-8). */
function force(proxy: FaultProxy, random: Random, from: Name, to: Name): 'gently' | 'roughly' {
  const blocked: readonly Fate[] = [403, 404, 'cut'];
  const gently = transports.indexOf(to) < transports.indexOf(from) && random.below(4) > 0;
  for (const name of transports) {
    const passes = name === to || (gently && name === from);
    proxy.fates[name] = passes ? 'pass' : blocked[random.below(blocked.length)]!;
  }
  if (!gently) proxy.cut(from);
  return gently ? 'gently' : 'roughly';
}

/** `SWITCHES=500` is the long form. */
const switches = Number(process.env['SWITCHES'] ?? 100);

it.each(['json', 'binary'] as const)(
  'G2, CLI-8: nothing is lost, doubled or moved over switches of the transport, %s',
  async (codec) => {
    const { nodes, ports } = await startNodes(2);
    const [rough, smooth] = [await startProxy(ports), await startProxy(ports)];
    const random = new Random(`${codec} ${switches}`);
    const { client, whys, reach, losses } = openSwitching<Channels>(rough.url, { codec: codecOf(codec) });

    const received: { offset: number; entry: Entry }[] = [];
    const resets: unknown[] = [];
    const publishers: Publisher[] = [];
    let arrived = (): void => undefined;
    const news = () => new Promise<void>((resolve) => (arrived = resolve));
    const onReset = (reset: unknown): void => void resets.push(reset);
    const subscription = client.channel('switches').subscribe({ onReset }, (data, { offset }) => {
      const entry = data as Entry;
      received.push({ offset, entry });
      publishers.find(({ name }) => name === entry[0])?.onRead();
      arrived();
    });
    await subscription.ready;
    publishers.push(new Publisher('subject', (entry) => client.channel('switches').publish(entry)));
    for (const transport of transports) {
      const channel = openClient<Channels>(smooth.url, { transport, codec: codecOf(codec) }).channel('switches');
      publishers.push(new Publisher(transport, (entry) => channel.publish(entry)));
    }

    let at: Name = 'websocket';
    const disturbed: string[] = [];
    const startedAt = performance.now();
    for (let i = 0; i < switches; i++) {
      const others = transports.filter((name) => name !== at);
      const to = others[random.below(others.length)]!;
      const before = { losses: losses(), received: received.length };
      const how = force(rough, random, at, to);
      await reach(to);
      if (how === 'gently' && losses() > before.losses) disturbed.push(`${i}: ${at} to ${to}`);
      at = to;
      // In the middle of the stream, then: something came since.
      while (received.length === before.received) await news();
    }
    const tookMs = Math.round(performance.now() - startedAt);

    const counts = await Promise.all(publishers.map((publisher) => publisher.stop()));
    const published = counts.reduce((sum, count) => sum + count, 0);
    while (received.length < published) await news();

    const done = whys.length - 1;
    const count = (why: string) => whys.slice(1).filter((each) => each === why).length;
    const reasons = { fallback: count('fallback'), upgraded: count('upgraded'), preferred: count('preferred') };
    const accepted = nodes.map(({ engine }) => engine.stats.accepted);
    const figures = { codec, switches: done, reasons, published, received: received.length, accepted, tookMs };
    process.stdout.write(`${JSON.stringify(figures)}\n`);

    expect(resets).toEqual([]);
    expect(done).toBeGreaterThanOrEqual(switches);
    expect(received.map(({ offset }) => offset)).toEqual(Array.from({ length: published }, (_, i) => i + 1));
    for (const { name, acks } of publishers) {
      const own = received.filter(({ entry: [publisher] }) => publisher === name);
      expect(own.map(({ entry: [, seq] }) => seq)).toEqual(own.map((_, i) => i + 1));
      // Each where its ack says, and each acknowledged.
      expect(own.map(({ offset }) => offset)).toEqual([...acks].sort(([a], [b]) => a - b).map(([, offset]) => offset));
    }
    expect(disturbed, 'what stands is kept until the better one takes over').toEqual([]);
    for (const { engine } of nodes) {
      expect(engine.stats.published).toBeGreaterThan(0);
      expect(engine.stats.accepted).toBeGreaterThan(switches / 2);
    }
  },
  Math.max(240_000, switches * 1000),
);

it.each(['stream', 'poll'] as const)(
  'CLI-8: on one node, too, what stands is kept until a climb from %s',
  async (from) => {
    const { ports } = await startNodes(1);
    const proxy = await startProxy(ports);
    const { client, reach, losses } = openSwitching<Channels>(proxy.url, {});
    const subscription = client.channel('switches').subscribe(() => undefined);
    await subscription.ready;
    for (let i = 0; i < 20; i++) {
      for (const name of transports) proxy.fates[name] = name === from ? 'pass' : 403;
      proxy.cut('websocket');
      await reach(from);
      const before = losses();
      proxy.fates.websocket = 'pass';
      await reach('websocket');
      expect(losses()).toBe(before);
    }
  },
);
