import { describe, expect, it } from 'vitest';
import { type Schema, defineChannels, log, map } from '@longwave/protocol';
import { Engine, MemoryStore } from '@longwave/core';
import { type Client, binaryCodec, connect, pollTransport, streamTransport } from '@longwave/client';
import { FakeNetwork } from '../network/fake-network.js';
import { Host } from '../checking/host.js';
import { Random } from '../random.js';
import { VirtualClock } from '../virtual-clock.js';

const kinds = ['websocket', 'stream', 'poll'] as const;
const codecs = ['json', 'binary'] as const;
const rooms = log({ retain: { maxCount: 10_000, maxBytes: 100_000_000 } });
/** A schema that asks somewhere else, and has its answer after so long. */
const slowMs = 30;

/** One server with the limits that it has by default, and clients of one address that obey whatever it says, in virtual time. */
function makeScene(kind: (typeof kinds)[number], codec: (typeof codecs)[number]) {
  const random = new Random(`${kind} ${codec}`);
  const clock = new VirtualClock(random);
  const serverHost = new Host('server', clock, random.stream('server'));
  let ids = 0;
  const makeId = (): string => `id${++ids}`;
  const errors: unknown[] = [];
  const validate = (value: unknown) =>
    new Promise<{ value: unknown }>((resolve) => void clock.after(slowMs, () => resolve({ value })));
  const slow: Schema = { '~standard': { version: 1, vendor: 'test', validate } };
  const channels = defineChannels({ 'room/:n': rooms, slow: map({ value: slow }) });
  const engine = new Engine({
    channels,
    store: new MemoryStore({ clock: serverHost.serverClock, makeId }),
    clock: serverHost.serverClock,
    random: () => random.next(),
    makeId,
    digest: (text) => text,
    logger: { error: (message, cause) => errors.push([message, cause]), info: () => undefined },
  });
  const network = new FakeNetwork({
    ...{ clock, random: random.stream('network'), latencyMs: 20, jitterMs: 10, bufferBytes: 64 * 1024 },
    listeners: () => [{ host: serverHost, reachable: 'up', accept: (sink, info) => engine.accept(sink, info) }],
    onMisuse: (what) => errors.push(what),
  });
  /** Connections that ended: a client that obeys loses none. */
  let lost = 0;
  const open = (): Client => {
    const host = new Host(`client ${++ids}`, clock, random.stream(`client ${ids}`));
    const request = network.requests(
      host,
      () => 'online',
      () => undefined,
    );
    const transport = {
      websocket: () => network.transport({ host, access: () => 'online', onLink: () => undefined }),
      stream: () => streamTransport({ request }),
      poll: () => pollTransport({ request }),
    }[kind]();
    const client = connect('http://simulated', {
      ...{ transport: [transport], codec: codec === 'json' ? 'json' : binaryCodec(), clock: host.clientClock },
      ...{ environment: { onWake: () => () => undefined, isOnline: () => true } },
      ...{ random: () => random.next(), createId: () => random.id() },
      reportError: (error) => errors.push(error),
    });
    client.onState(({ status }) => void (lost += status === 'waiting' ? 1 : 0));
    return client;
  };
  /** Lets virtual time pass until it is so. Throws after `limitMs`. */
  const until = async (isSo: () => boolean, limitMs: number): Promise<void> => {
    const end = clock.time + limitMs;
    while (!isSo()) {
      if (!clock.step(end)) throw new Error(`It was not so within ${limitMs} ms.`);
      // Whatever was resolved goes on.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const pass = async (ms: number): Promise<void> => {
    let over = false;
    clock.after(ms, () => (over = true));
    await until(() => over, ms + 1);
  };
  return { clock, engine, errors, open, until, pass, lost: () => lost };
}

describe.each(kinds)('a demanding client that obeys, over %s', { timeout: 240_000 }, (kind) => {
  it.each(codecs)(
    'HTTP-6, LIM-1, LIM-2: opens 1,000 channels and gets 4,000 messages once each, in %s',
    async (codec) => {
      const { engine, errors, open, until, pass, lost } = makeScene(kind, codec);
      // 256 subscriptions are what a connection may have.
      const clients = Array.from({ length: 4 }, open);
      const got = new Map<string, number>();
      let standing = 0;
      for (let n = 0; n < 1000; n++) {
        const room = clients[n % 4]!.channel(`room/${n}`);
        const subscription = room.subscribe((data) => got.set(String(data), (got.get(String(data)) ?? 0) + 1));
        void subscription.ready.then(() => standing++);
        if (n % 4 === 3) await pass(50);
      }
      await until(() => standing === 1000, 10_000);
      const writer = clients[0]!;
      let stored = 0;
      for (let round = 0; round < 40; round++) {
        const batch = Array.from({ length: 100 }, (_, i) =>
          writer.channel(`room/${(round * 100 + i) % 1000}`).publish(`${round}/${i}`),
        );
        for (const publish of batch) void publish.then(() => stored++);
        await until(() => stored === (round + 1) * 100, 20_000);
      }
      await until(() => got.size === 4000, 20_000);
      await pass(1000);
      expect([...got.values()].every((times) => times === 1)).toBe(true);
      expect(engine.stats).toMatchObject({ published: 4000, duplicates: 0, resets: 0 });
      expect([errors, lost()]).toEqual([[], 0]);
      for (const client of clients) client.close();
    },
  );

  it.each(codecs)(
    'PUB-7: 100 changes at once, whose schema takes its time, cost little more than as many frames, in %s',
    async (codec) => {
      const { engine, errors, open, until, lost } = makeScene(kind, codec);
      const client = open();
      let stored = 0;
      for (let i = 0; i < 100; i++)
        void client
          .channel('slow')
          .put(`k${i}`, i)
          .then(() => stored++);
      await until(() => stored === 100, 60_000);
      expect(engine.stats.published).toBe(100);
      expect(engine.stats.framesReceived).toBeLessThan(250);
      expect([errors, lost()]).toEqual([[], 0]);
      client.close();
    },
  );

  it.each(codecs)('HTTP-6: 250 channels at 5 messages a second: each arrives, in %s', async (codec) => {
    const { engine, errors, open, until, pass, lost } = makeScene(kind, codec);
    const client = open();
    const got: string[] = [];
    let standing = 0;
    for (let n = 0; n < 250; n++) {
      const subscription = client.channel(`room/${n}`).subscribe((data) => got.push(String(data)));
      void subscription.ready.then(() => standing++);
    }
    await until(() => standing === 250, 10_000);
    for (let i = 0; i < 30; i++) {
      void engine.publish(`room/${i * 7}`, `${i}`);
      await pass(200);
    }
    await until(() => got.length === 30, 1000);
    expect(got).toEqual(Array.from({ length: 30 }, (_, i) => `${i}`));
    expect([errors, lost()]).toEqual([[], 0]);
    client.close();
  });
});
