// The server under attack, with the limits that it has by default. Says its port to its parent.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createServer } from '@longwave/node';
import { defineChannels, log, map } from '@longwave/protocol';

const channels = defineChannels({
  honest: log(),
  ':name': log({ retain: { maxCount: 10_000 } }),
  'chat/:room': log({ presence: { grace: '10s' } }),
  fleet: map({ maxKeys: 100_000 }),
});
const server = createServer({ channels, logger: { error: () => undefined, info: () => undefined } });
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
for (let i = 0; i < 500; i++) await server.channel('room').publish({ n: i, text: 'x'.repeat(200) });
for (let i = 0; i < 1000; i++)
  await server.channel('fleet').put(`v${i}`, { lon: i % 360, lat: i % 90, speed: i % 130 });
/** Delays of the event loop, and the time of the process: its own doing, whatever else the machine does. */
const loop = monitorEventLoopDelay({ resolution: 1 });
loop.enable();
let begun = process.cpuUsage();
let framesBefore = 0;
const framesReceived = async () => {
  const text = await fetch(`http://127.0.0.1:${port}/metrics`).then((response) => response.text());
  return Number(/^longwave_frames_received_total (\d+)/m.exec(text)?.[1] ?? 0);
};
async function onWord(word) {
  if (word === 'begin') {
    loop.reset();
    begun = process.cpuUsage();
    framesBefore = await framesReceived();
    return;
  }
  const { user, system } = process.cpuUsage(begun);
  const loopP99 = loop.percentile(99) / 1e6;
  process.send({ cpuMs: (user + system) / 1000, loopP99, frames: (await framesReceived()) - framesBefore });
}
process.on('message', (word) => void onWord(word));
process.send({ port });
process.on('disconnect', () => process.exit());
