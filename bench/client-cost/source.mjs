// node bench/client-cost/source.mjs PEER RATE: publishes RATE small messages a second, in one channel, by one of the peers.
import { createServer as createHttpServer } from 'node:http';
import { announce } from '../peers/announce.mjs';

const [name = '', rate = '20000'] = process.argv.slice(2);
const perSecond = Number(rate);

/** Each starts to listen, and gives its port and what sends messages to all that listen. */
/** @type {Record<string, () => Promise<{ port: number, send(messages: readonly object[]): void }>>} */
const sources = {
  async longwave() {
    const { createServer, defineChannels, log } = await import('longwave');
    const server = createServer({
      // Two seconds of them: a client that is held up by others on its machine misses none.
      channels: defineChannels({ ticks: log({ retain: { maxCount: 2 * perSecond } }) }),
      authorize: (/** @type {{ action: string }} */ { action }) => action === 'subscribe',
    });
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    const channel = server.channel('ticks');
    return { port, send: (messages) => messages.forEach((message) => void channel.publish(message)) };
  },
  /** One frame a message, as `ws` sends them. */
  bare: () => webSockets((messages) => messages.map((message) => JSON.stringify(message))),
  /** One frame for what is due at the same time: what Longwave's frames are like. */
  'bare-batched': () => webSockets((messages) => [JSON.stringify(messages)]),
  async 'socket.io'() {
    const { Server } = await import('socket.io');
    const http = createHttpServer();
    const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });
    return { port: await listen(http), send: (messages) => messages.forEach((message) => io.emit('m', message)) };
  },
};

/** @param {(messages: readonly object[]) => string[]} framesOf */
async function webSockets(framesOf) {
  const { WebSocketServer } = await import('ws');
  const http = createHttpServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  /** @param {readonly object[]} messages */
  const send = (messages) => {
    for (const frame of framesOf(messages)) for (const client of server.clients) client.send(frame);
  };
  return { port: await listen(http), send };
}

/** @param {import('node:http').Server} http @returns {Promise<number>} */
function listen(http) {
  return new Promise((resolve) => {
    http.listen({ host: '127.0.0.1', port: 0 }, () => {
      resolve(/** @type {import('node:net').AddressInfo} */ (http.address()).port);
    });
  });
}

const { port, send } = await /** @type {(typeof sources)[string]} */ (sources[name])();
announce(port);
const startedAt = performance.now();
let n = 0;
// A timer of a millisecond comes late: what is due by then goes at once.
setInterval(() => {
  const due = Math.floor(((performance.now() - startedAt) * perSecond) / 1000);
  const messages = [];
  for (; n < due; n++) messages.push({ n, price: 101.25, text: 'a small message with some words' });
  send(messages);
}, 1);
