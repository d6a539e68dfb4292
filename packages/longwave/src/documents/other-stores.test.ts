import type { Store } from '@longwave/core';
import { nats } from '@longwave/nats';
import { redis } from '@longwave/redis';
import { startNats, startRedis } from '@longwave/testkit/services';
import { createServer, defineChannels, doc } from 'longwave';
import { documents, yjs } from 'longwave/yjs/server';
import { expect, it, onTestFinished } from 'vitest';
import type * as Y from 'yjs';

const channels = defineChannels({ 'doc/:id': doc() });

const stores: Readonly<Record<string, () => Promise<() => Store>>> = {
  async Redis() {
    const service = await startRedis();
    onTestFinished(() => service.stop());
    return () => redis({ url: service.url });
  },
  async NATS() {
    const service = await startNats();
    onTestFinished(() => service.stop());
    return () => nats({ servers: service.url, shards: 2 });
  },
};

it.each(Object.entries(stores))(
  'over %s, documents are seeded, compacted, kept and restored by two nodes',
  async (_, start) => {
    const open = await start();
    const servers = [1, 2].map(() =>
      createServer({ channels, documents: yjs({ versions: { idle: 300 } }), store: open() }),
    );
    onTestFinished(async () => {
      for (const server of servers) await server.close();
    });
    const [one, two] = servers.map((server) => documents(server));
    const fill = (ydoc: Y.Doc): void => ydoc.getText('body').insert(0, 'z'.repeat(300_000));
    const length = async (): Promise<number> => (await one!.text('doc/x')).length;
    const seeds = await Promise.all([one!.seed('doc/x', fill), two!.seed('doc/x', fill)]);
    expect(seeds.filter(Boolean)).toHaveLength(1);
    const { id, bytes } = await one!.versions('doc/x').save({ name: 'all of it' });
    expect(bytes).toBeGreaterThan(300_000);
    await two!.edit('doc/x', (ydoc) => ydoc.getText('body').delete(0, 299_000), { user: 'bob' });
    await servers[0]!.engine.documents.compact('doc/x');
    expect(await length()).toBe(1000);
    await two!.versions('doc/x').restore(id);
    expect(await length()).toBe(300_000);
    // The node that wrote last keeps one by itself.
    await expect.poll(async () => (await one!.versions('doc/x').list()).length).toBeGreaterThan(1);
  },
);
