import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lmdb } from '@longwave/lmdb';
import { nats } from '@longwave/nats';
import type { Link } from '@longwave/client';
import { createServer } from '@longwave/node';
import { nodeTransport } from '@longwave/node/client';
import {
  type ClientFrame,
  type ServerFrame,
  codeMessages,
  createClientCodec,
  defineChannels,
  log,
  map,
  protocolVersion,
} from '@longwave/protocol';
import { redis } from '@longwave/redis';
import type { Store } from '@longwave/core';
import { startNats, startRedis } from '@longwave/testkit/services';
import { expect, it, onTestFinished } from 'vitest';

interface Outage {
  readonly store: Store;
  /** From here on the store is away. */
  begin(): Promise<void> | void;
}

const quiet = { error: () => undefined, info: () => undefined };

const outages: Readonly<Record<string, () => Promise<Outage> | Outage>> = {
  'LMDB, its folder removed': () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'longwave-'));
    const remove = () => rmSync(folder, { recursive: true, force: true });
    onTestFinished(remove);
    return { store: lmdb({ path: path.join(folder, 'store') }), begin: remove };
  },
  'NATS, its server stopped': async () => {
    const server = await startNats();
    onTestFinished(() => server.stop());
    return {
      store: nats({ servers: server.url, shards: 2, timeout: 500, logger: quiet }),
      begin: () => server.kill(),
    };
  },
  'Redis, its server stopped': async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    return {
      store: redis({ url: server.url, commandTimeout: 500, logger: quiet }),
      begin: () => server.kill(),
    };
  },
};

const channels = defineChannels({ 'log/:id': log(), 'map/:id': map() });
const messagesPath = '/v1/channels/log%2Fa/messages';

/** A peer that has connected, and sends what it is given. */
function connect(url: string) {
  const codec = createClientCodec('json');
  const frames: ServerFrame[] = [];
  let heard: () => void = () => undefined;
  let link: Link | undefined;
  const send = (...sent: readonly ClientFrame[]): void => {
    for (const frame of sent) link!.send(codec.encode(frame));
  };
  const opened = new Promise<void>((resolve, reject) => {
    link = nodeTransport().connect(url, 'json', {
      onOpen() {
        send({ type: 'connect', version: protocolVersion, client: 'c' });
        resolve();
      },
      onMessage(message) {
        frames.push(...(codec.decode(message) as ServerFrame[]));
        heard();
      },
      onClose: ({ reason }) => reject(new Error(reason)),
    });
  });
  onTestFinished(() => link!.close());
  return {
    opened,
    send,
    async answersTo(...ids: readonly number[]): Promise<readonly ServerFrame[]> {
      const answers = () => frames.filter((frame) => 'id' in frame && ids.includes(frame.id as number));
      while (answers().length < ids.length) await new Promise<void>((resolve) => (heard = resolve));
      return answers();
    },
  };
}

it.each(Object.keys(outages))(
  'ERR-1: %s, is unavailable to who reads and who writes, and they are told when to come again',
  async (name) => {
    const { store, begin } = await outages[name]!();
    const server = createServer({ channels, store, logger: quiet, http: { apiKeys: ['a-key-of-a-test'] } });
    onTestFinished(() => server.close());
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const base = `http://127.0.0.1:${port}`;
    const ask = (method: string, to: string, body?: unknown) =>
      fetch(base + to, {
        method,
        headers: { authorization: 'Bearer a-key-of-a-test', 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    expect((await ask('POST', messagesPath, { data: 1 })).status).toBe(201);
    const peer = connect(`${base}/longwave`);
    await peer.opened;
    peer.send({ type: 'publish', id: 1, seq: 1, channel: 'log/a', data: 1 });
    expect(await peer.answersTo(1)).toMatchObject([{ type: 'ack' }]);

    await begin();
    // A store may answer what it knows until it has noticed.
    let noticed = await ask('GET', messagesPath);
    while (noticed.status === 200) noticed = await ask('GET', messagesPath);

    peer.send(
      { type: 'publish', id: 2, seq: 2, channel: 'log/a', data: 1 },
      { type: 'publish', id: 3, seq: 3, channel: 'map/b', key: 'k', data: 1 },
      { type: 'history', id: 4, channel: 'log/c', limit: 1 },
      { type: 'subscribe', id: 5, channel: 'log/d' },
      { type: 'subscribe', id: 6, channel: 'map/e' },
    );
    for (const answer of await peer.answersTo(2, 3, 4, 5, 6)) {
      expect(answer).toMatchObject({
        type: 'error',
        code: 'unavailable',
        message: codeMessages.unavailable,
        retryAfterMs: expect.any(Number) as number,
      });
    }
    const asked = [
      ask('GET', messagesPath),
      ask('GET', '/v1/channels/map%2Fb/entries'),
      ask('POST', messagesPath, { data: 1 }),
      ask('PUT', '/v1/channels/map%2Fb/entries/k', { data: 1 }),
    ];
    for (const response of await Promise.all(asked)) {
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await response.json()).toMatchObject({
        error: { code: 'unavailable', message: codeMessages.unavailable },
      });
    }
  },
  30_000,
);
