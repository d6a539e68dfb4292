// An honest client: publishes two hundred times a second and waits for its own message. Asked for a phase, it tells the p50 and p99 of that.
import { once } from 'node:events';
import { openRaw } from './raw.mjs';

const port = Number(process.argv[2]);
const socket = await openRaw(port);
const sent = new Map();
let times = [];
let n = 0;
socket.onFrame = (frame) => {
  if (frame.type === 'ping') socket.send({ type: 'pong' });
  if (frame.type !== 'message') return;
  for (const { data } of frame.ops) {
    const at = sent.get(data?.n);
    if (at === undefined) continue;
    times.push(performance.now() - at);
    sent.delete(data.n);
  }
};
socket.send({ type: 'connect', version: 1, client: 'honest' }, { type: 'subscribe', id: 1, channel: 'honest' });
setInterval(() => {
  n++;
  sent.set(n, performance.now());
  socket.send({ type: 'publish', id: n + 1, seq: n, channel: 'honest', data: { n } });
}, 5);
process.send('ready');
for (;;) {
  const [{ ms }] = await once(process, 'message');
  times = [];
  await new Promise((resolve) => setTimeout(resolve, ms));
  // A publish that is not answered yet counts with its age.
  const all = [...times, ...[...sent.values()].map((at) => performance.now() - at)].sort((a, b) => a - b);
  const at = (share) => all[Math.floor(all.length * share)] ?? Number.NaN;
  process.send({ p50: at(0.5), p99: at(0.99), count: all.length });
}
