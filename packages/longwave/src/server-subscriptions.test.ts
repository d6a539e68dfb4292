import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lmdb } from '@longwave/lmdb';
import { nats } from '@longwave/nats';
import { createServer, memory } from '@longwave/node';
import { type Position, defineChannels, log, map } from '@longwave/protocol';
import { redis } from '@longwave/redis';
import type { Store } from '@longwave/core';
import { startNats, startRedis } from '@longwave/testkit/services';
import { expect, it, onTestFinished } from 'vitest';

const quiet = { error: () => undefined, info: () => undefined };
const channels = defineChannels({ 'log/:id': log(), 'map/:id': map() });

/** Makes the stores of several nodes, one after the other, that share what is stored. */
const stores: Readonly<Record<string, () => Promise<() => Store> | (() => Store)>> = {
  memory: () => {
    const shared = memory();
    const one: Store = Object.assign(Object.create(shared) as Store, {
      append: shared.append.bind(shared),
      read: shared.read.bind(shared),
      bounds: shared.bounds.bind(shared),
      watch: shared.watch.bind(shared),
      expire: shared.expire.bind(shared),
      close: () => undefined,
    });
    return () => one;
  },
  lmdb: () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'longwave-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return () => lmdb({ path: path.join(folder, 'store') });
  },
  redis: async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    return () => redis({ url: server.url, logger: quiet });
  },
  nats: async () => {
    const server = await startNats();
    onTestFinished(() => server.stop());
    return () => nats({ servers: server.url, shards: 2, logger: quiet });
  },
};

/** Collects until there are so many. */
function collector() {
  const items: unknown[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  return {
    items,
    add(item: unknown): void {
      items.push(item);
      for (const { count, resolve } of waiting) if (items.length >= count) resolve();
    },
    until: (count: number) =>
      new Promise<void>((resolve) => (items.length >= count ? resolve() : void waiting.push({ count, resolve }))),
  };
}

it.each(Object.keys(stores))('subscriptions of the server over %s, on two nodes and over a restart', async (name) => {
  const open = await stores[name]!();
  const node = () => createServer({ channels, store: open(), logger: quiet });
  const [one, two] = [node(), node()];
  onTestFinished(() => two.close());

  const first = collector();
  const bot = one.channel('log/a').subscribe((data) => first.add(data));
  const seen = collector();
  const watch = one.channel('map/a').watch((_, { added, updated }) => seen.add([...added, ...updated]));
  await Promise.all([bot.ready, watch.ready]);
  for (let i = 1; i <= 20; i++) await (i % 2 ? one : two).channel('log/a').publish(i);
  await two.channel('map/a').put('x', 1);
  await Promise.all([first.until(20), seen.until(2)]);
  expect(first.items).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  expect([seen.items, watch.entries.get('x')]).toEqual([[[], ['x']], 1]);

  // The position moves when the handler is done: the last one is, once something else has been told.
  const saved: Position = { ...bot.position!, offset: 20 };
  await one.close();
  expect([bot.state, watch.state]).toEqual(['ended', 'ended']);
  await two.channel('log/a').publish(21);
  const three = node();
  onTestFinished(() => three.close());
  const next = collector();
  const resets = collector();
  three.channel('log/a').subscribe({ from: saved, onReset: resets.add }, (data) => next.add(data));
  await two.channel('log/a').publish(22);
  await next.until(2);
  expect([next.items, resets.items]).toEqual([[21, 22], []]);
});
