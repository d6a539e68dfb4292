// The server under attack, with the limits that it has by default. Says its port to its parent.
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
process.send({ port });
process.on('disconnect', () => process.exit());
