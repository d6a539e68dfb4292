// One attack, for as long as the process lives. Its parent gives it what the machine has left.
import net from 'node:net';
import { encode, openRaw, upgrade } from './raw.mjs';

const [name, portText] = process.argv.slice(2);
const port = Number(portText);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const hello = (client) => ({ type: 'connect', version: 1, client });
const dial = (first) => {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => undefined).resume();
  socket.write(first);
  return socket;
};
/** Sends `frames(i)` over one WebSocket, as fast as it takes them. */
async function flood(frames, { read = true } = {}) {
  const raw = await openRaw(port);
  raw.send(hello(`attacker ${Math.random()}`));
  if (!read) raw.socket.pause();
  for (let i = 0; !raw.socket.destroyed; i++) {
    if (!raw.send(...frames(i)))
      await Promise.race([new Promise((resolve) => raw.socket.once('drain', resolve)), sleep(500)]);
    else if (i % 20 === 0) await sleep(0);
  }
}
const poll = (i) => {
  const body = `${JSON.stringify(hello(`p${i}`))}\n{"type":"subscribe","id":1,"channel":"a","again":true}`;
  return `POST /longwave/poll HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};
const many = (count, item) => Array.from({ length: count }, (_, i) => item(i));

const attacks = {
  'history unread': () =>
    flood(() => many(100, (i) => ({ type: 'history', id: i, channel: 'room', limit: 100 })), { read: false }),
  'many views': () =>
    flood((i) => [
      { type: 'subscribe', id: i, channel: 'fleet', view: { where: { speed: { gt: i % 130 } }, rate: 1 + (i % 20) } },
    ]),
  'pipelined polls': async () => {
    const socket = dial('');
    for (let i = 0; !socket.destroyed; i += 100) {
      if (!socket.write(many(100, (k) => poll(i + k)).join(''))) {
        await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), sleep(500)]);
      }
    }
  },
  'slow peers': async () => {
    for (;;) {
      for (let i = 0; i < 50; i++)
        dial(
          [
            upgrade.slice(0, 120),
            upgrade,
            Buffer.concat([Buffer.from(upgrade), encode('x'.repeat(60_000)).subarray(0, -1)]),
          ][i % 3],
        );
      await sleep(50);
    }
  },
  'ever new channels': () =>
    flood((i) =>
      many(50, (k) => ({
        type: 'publish',
        id: i * 50 + k,
        seq: i * 50 + k + 1,
        channel: `chat/r${i * 50 + k}`,
        data: 0,
      })),
    ),
  'large messages': () =>
    flood((i) => [{ type: 'publish', id: i, seq: i + 1, channel: `r${i % 100}`, data: 'x'.repeat(60_000) }]),
  'ever new clients': async () => {
    const request = async (i) => {
      const frames = [
        hello(`c${i}-${Math.random()}`),
        ...many(250, (k) => ({ type: 'history', id: k, channel: 'room', limit: 100 })),
      ];
      const body = frames.map((frame) => JSON.stringify(frame)).join('\n');
      const response = await fetch(`http://127.0.0.1:${port}/longwave/send`, { method: 'POST', body }).catch(
        () => undefined,
      );
      await response?.arrayBuffer().catch(() => undefined);
    };
    await Promise.all(
      many(3, async (worker) => {
        for (let i = 0; ; i++) await request(`${worker}-${i}`);
      }),
    );
  },
  'too many frames': () => flood(() => many(256, () => ({ type: 'ping' }))),
};
if (name === '--list') console.log(Object.keys(attacks).join('\n'));
else {
  process.on('disconnect', () => process.exit());
  // An attack that was ended begins anew.
  for (;;) {
    await attacks[name]().catch(() => undefined);
    await sleep(100);
  }
}
