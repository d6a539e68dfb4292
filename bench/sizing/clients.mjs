// Many sockets in one process that cost it next to nothing: they answer pings, count bytes, and read no more.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import process from 'node:process';
import { connect as connectTls, createSecureContext } from 'node:tls';

/** Connections from one address of this machine; a port is needed for each. */
const perAddress = 20_000;
const secureContext = createSecureContext();
const pong = frame([{ type: 'pong' }]);

/** @typedef {{ socket: import('node:net').Socket, bytes: number }} Client */
/** @type {Client[]} */
const clients = [];
/** @type {Set<string>} */
const watched = new Set();
/** @type {Buffer | undefined} */
let session;
let resumed = 0;

/** A masked frame whose mask is zero: the payload as it is. @param {object[]} frames */
function frame(frames) {
  const text = Buffer.from(frames.map((each) => JSON.stringify(each)).join('\n'));
  if (text.length < 126) return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]);
  const head = Buffer.alloc(8);
  head[0] = 0x81;
  head[1] = 0x80 | 126;
  head.writeUInt16BE(text.length, 2);
  return Buffer.concat([head, text]);
}

/**
 * @param {{ port: number, tls: boolean, resume: boolean }} target
 * @param {readonly string[]} channels
 * @returns {Promise<Client>}
 */
function open({ port, tls, resume }, channels) {
  return new Promise((resolve, reject) => {
    const n = clients.length;
    const address = { port, host: '127.0.0.1', localAddress: `127.0.0.${2 + Math.floor(n / perAddress)}` };
    const client = { socket: connect({ ...address, noDelay: true }), bytes: 0 };
    clients.push(client);
    if (tls) {
      const { socket } = client;
      const secured = connectTls({
        socket,
        secureContext,
        rejectUnauthorized: false,
        ...(resume && session && { session }),
      });
      secured.on('session', (given) => (session = given));
      secured.once('secureConnect', () => (resumed += Number(secured.isSessionReused())));
      client.socket = secured;
    }
    const key = randomBytes(16).toString('base64');
    client.socket.write(
      `GET /longwave HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: longwave.v1.json\r\n\r\n`,
    );
    const first = { type: 'connect', version: 1, client: `c${process.pid}-${n}` };
    const subscribe = channels.map((channel, i) => ({ type: 'subscribe', id: i + 1, channel }));
    let head = '';
    let left = channels.length;
    let isOpen = false;
    client.socket.on('error', reject);
    client.socket.on('data', (chunk) => {
      client.bytes += chunk.length;
      if (left === 0) {
        if (chunk.length < 1000 && chunk.includes('"ping"')) client.socket.write(pong);
        return;
      }
      head += chunk.toString('latin1');
      if (!isOpen && head.includes('\r\n\r\n')) {
        if (!head.startsWith('HTTP/1.1 101')) return reject(new Error(head.slice(0, 100)));
        isOpen = true;
        head = '';
        client.socket.write(frame([first]));
        // A message has a limit of its own.
        for (let i = 0; i < subscribe.length; i += 100) client.socket.write(frame(subscribe.slice(i, i + 100)));
      }
      if (!isOpen) return;
      const answers = head.split('"subscribed"').length - 1;
      if (answers < channels.length) return;
      left = 0;
      head = '';
      client.bytes = 0;
      resolve(client);
    });
  });
}

/** @type {Record<string, (argument: any) => unknown>} */
const orders = {
  /** `own`: channels of each client's own; `shared`: channels that all of them watch. */
  open: async ({ count, own = 0, shared = 1, concurrency = 64, ...target }) => {
    const names = Array.from({ length: shared }, (_, i) => `room/s${i}`);
    let begun = 0;
    const worker = async () => {
      while (begun < count) {
        const n = clients.length;
        begun++;
        const channels = own > 0 ? Array.from({ length: own }, (_, i) => `room/${process.pid}-${n}-${i}`) : names;
        for (const channel of channels) watched.add(channel);
        await open(target, channels);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  },
  bytes: () => {
    const all = clients.map(({ bytes }) => bytes);
    return {
      least: Math.min(...all),
      most: Math.max(...all),
      gone: clients.filter(({ socket }) => socket.destroyed).length,
    };
  },
  resumed: () => resumed,
  names: () => [...watched],
  close: async () => {
    watched.clear();
    const closing = clients.splice(0).map(
      ({ socket }) =>
        new Promise((resolve) => {
          socket.once('close', resolve);
          socket.destroy();
        }),
    );
    await Promise.all(closing);
  },
};

process.on('message', (/** @type {{ id: number, order: string, argument: unknown }} */ { id, order, argument }) => {
  Promise.resolve(orders[order]?.(argument)).then(
    (result) => process.send?.({ id, result }),
    (/** @type {unknown} */ error) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.send?.({ port: 0 });
