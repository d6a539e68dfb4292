import { createServer } from '@longwave/node';
import { defineChannels, log } from '@longwave/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from './client-node.js';
import type { TransportName } from './client.js';

it.each<TransportName>(['websocket', 'stream', 'poll'])(
  'HIS-3: client and server read a log by time, over %s',
  async (transport) => {
    const server = createServer({ channels: defineChannels({ chat: log() }) });
    onTestFinished(() => server.close());
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const client = connect(`http://127.0.0.1:${port}`, { transport });
    onTestFinished(() => client.close());
    const channel = client.channel('chat');
    for (const text of ['one', 'two', 'three']) await channel.publish(text);
    const { messages } = await channel.history();
    const since = messages[1]!.meta.time;
    const expected = messages.filter(({ meta }) => meta.time >= since).map(({ data }) => data);
    expect((await channel.history({ since })).messages.map(({ data }) => data)).toEqual(expected);
    const seen = await server.channel('chat').history({ since, limit: 1 });
    expect(seen.messages.map(({ data }) => data)).toEqual(expected.slice(0, 1));
    expect((await channel.history({ until: messages[0]!.meta.time })).messages).toEqual([]);
    const all = await channel.history({ until: messages[2]!.meta.time + 1 });
    expect(all.messages.map(({ data }) => data)).toEqual(['one', 'two', 'three']);
  },
);
