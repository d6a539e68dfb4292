// The server of the state benchmark, alone on its core. It is told what to do over IPC and tells what it cost.
import process from 'node:process';
import { createServer, defineChannels, log, map } from 'longwave';

const channels = defineChannels({
  prices: map({ maxKeys: 20_000 }),
  fleet: map({ maxKeys: 20_000 }),
  'room/:id': log({ presence: { grace: '10s' } }),
});
const server = createServer({ channels, logger: { info: () => {}, error: console.error }, maxConnections: 20_000 });
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let stored = 0;
/** @type {Float64Array} */
let xs = new Float64Array();
/** @type {Float64Array} */
let ys = new Float64Array();

/** @param {number} n */
const price = (n) => ({ bid: 100 + (n % 977) / 100, ask: 100.05 + (n % 977) / 100, n });
const place = (/** @type {number} */ i) => ({ x: round(xs[i] ?? 0), y: round(ys[i] ?? 0), speed: (i * 7) % 30 });
const round = (/** @type {number} */ value) => Math.round(value * 1e5) / 1e5;

/** Changes at `rate` entries a second, in ticks of 5 ms. @param {number} rate @param {(i: number) => void} change */
function feed(rate, change) {
  const startedAt = performance.now();
  let done = 0;
  timer = setInterval(() => {
    const due = ((performance.now() - startedAt) * rate) / 1000;
    for (; done < due; done++) change(done);
  }, 5);
}

/** @type {Record<string, (argument: any) => unknown>} */
const orders = {
  fillPrices: (keys) => server.channel('prices').putAll(Array.from({ length: keys }, (_, i) => [`K${i}`, price(i)])),
  feedPrices: ({ keys, rate }) =>
    feed(rate, (n) => {
      stored++;
      // A step that has no divisor in common with the number of keys: all of them, evenly.
      void server.channel('prices').put(`K${(n * 7919) % keys}`, price(n));
    }),
  fillFleet: (count) => {
    xs = Float64Array.from({ length: count }, (_, i) => ((i * 7919) % count) / count);
    ys = Float64Array.from({ length: count }, (_, i) => ((i * 104_729) % count) / count);
    return server.channel('fleet').putAll(Array.from({ length: count }, (_, i) => [`V${i}`, place(i)]));
  },
  feedFleet: ({ count, rate }) =>
    feed(rate, (n) => {
      const i = (n * 7919) % count;
      stored++;
      xs[i] = ((((xs[i] ?? 0) + 0.0008 * Math.cos(i)) % 1) + 1) % 1;
      ys[i] = ((((ys[i] ?? 0) + 0.0008 * Math.sin(i)) % 1) + 1) % 1;
      void server.channel('fleet').put(`V${i}`, place(i));
    }),
  stop: () => clearInterval(timer),
  figures: () => ({
    stored,
    cpu: process.cpuUsage(),
    rss: process.memoryUsage.rss(),
    delivered: server.engine.stats.delivered,
  }),
  entries: async (channel) =>
    (await server.channel(/** @type {'prices'} */ (channel)).entries())
      .map(({ key, version }) => `${key}:${version}`)
      .sort(),
  members: async (id) => (await server.channel(`room/${id}`).members()).length,
};

process.on('message', (/** @type {{ id: number, order: string, argument: unknown }} */ { id, order, argument }) => {
  void Promise.resolve(orders[order]?.(argument)).then((result) => process.send?.({ id, result }));
});
process.send?.({ port });
