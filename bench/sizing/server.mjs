// The server of the sizing figures, alone on its core: told what to do over IPC, and tells what it has used. node --expose-gc
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { redis } from '@longwave/redis';
import { createServer, defineChannels, log } from 'longwave';

const folder = new URL('../../packages/longwave/src/cli/testing/', import.meta.url);
const isTls = process.argv.includes('--tls');
const redisAt = process.argv.indexOf('--redis');
const server = createServer({
  channels: defineChannels({ 'room/:id': log() }),
  logger: { info: () => {}, error: console.error },
  ...(redisAt > 0 && { store: redis({ url: process.argv[redisAt + 1] ?? '' }) }),
  ...(isTls && {
    tls: { cert: readFileSync(new URL('localhost.pem', folder)), key: readFileSync(new URL('localhost.key', folder)) },
  }),
});
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });

/** @type {NodeJS.Timeout | undefined} */
let timer;
let published = 0;

/** @type {Record<string, (argument: any) => unknown>} */
const orders = {
  /** `batch` messages at once, `perSecond` times, so that each batch is a flush. */
  publish: ({ channel, batch, perSecond, bytes }) => {
    const data = { text: 'x'.repeat(bytes) };
    timer = setInterval(() => {
      for (let i = 0; i < batch; i++, published++) void server.channel(channel).publish(data);
    }, 1000 / perSecond);
  },
  stop: () => clearInterval(timer),
  fill: async ({ channels, messages, bytes }) => {
    const data = { text: 'x'.repeat(bytes) };
    for (const channel of channels) for (let i = 0; i < messages; i++) await server.channel(channel).publish(data);
  },
  figures: () => {
    for (let i = 0; i < 3; i++) /** @type {any} */ (globalThis).gc();
    return { ...use(), rss: process.memoryUsage.rss() };
  },
  use,
};

function use() {
  const { user, system } = process.cpuUsage();
  const { connections, subscriptions, channels, delivered } = server.engine.stats;
  return { cpuUs: user + system, at: performance.now(), published, connections, subscriptions, channels, delivered };
}

process.on('message', (/** @type {{ id: number, order: string, argument: unknown }} */ { id, order, argument }) => {
  void Promise.resolve(orders[order]?.(argument)).then((result) => process.send?.({ id, result }));
});
process.send?.({ port });
