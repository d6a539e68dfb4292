import { createServer } from 'longwave';
import { connect } from 'longwave/client';
import { defineChannels, log } from 'longwave/contract';
import { z } from 'zod';

const channels = defineChannels({ 'chat/:room': log({ message: z.object({ text: z.string() }) }) });
const server = createServer({ channels });
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
await server.channel('chat/lobby').publish({ text: 'welcome' });

const client = connect(`http://127.0.0.1:${port}`);
const room = client.channel('chat/lobby');
const messages = room.subscribe({ from: { last: 50 } });
await room.publish({ text: 'hi' });
for await (const { data, meta } of messages) {
  console.log(meta.offset, data.text);
  if (data.text === 'hi') break;
}
client.close();
await server.close();
