import { createServer } from '@longwave/node';
import { type Position, defineChannels, log, map } from '@longwave/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { sharedStores } from './testing/shared-stores.js';

const quiet = { error: () => undefined, info: () => undefined };
const channels = defineChannels({ 'log/:id': log(), 'map/:id': map() });

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

it.each(Object.keys(sharedStores))(
  'subscriptions of the server over %s, on two nodes and over a restart',
  async (name) => {
    const open = await sharedStores[name]!();
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
  },
);
