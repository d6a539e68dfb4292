import { defineChannels, log } from '@longwave/protocol';
import type { ConnectionInfo } from '@longwave/core';
import { createServer } from '@longwave/node';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from './client-node.js';
import type { TransportName } from './client.js';

it.each<TransportName>(['websocket', 'stream', 'poll'])(
  'SES-17: over %s authenticate, the hook connect and a refresh get the parameters of the client',
  async (transport) => {
    const params = { device: 'phone', 'app version': '2.1 β' };
    const seen: (readonly [string, ConnectionInfo['params']])[] = [];
    const server = createServer({
      channels: defineChannels({ chat: log() }),
      authenticate: (_, info) => {
        seen.push(['authenticate', info.params]);
        return { user: 'ada' };
      },
      on: {
        connect: ({ info }) => void seen.push(['connect', info.params]),
        publish: ({ info }) => void seen.push(['publish', info.params]),
      },
    });
    onTestFinished(() => server.close());
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const client = connect(`http://127.0.0.1:${port}`, { transport, params, token: 'good' });
    onTestFinished(() => client.close());
    await client.channel('chat').publish('hi');
    await client.refresh();
    expect(new Set(seen.map(([at]) => at))).toEqual(new Set(['authenticate', 'connect', 'publish']));
    expect(seen.every(([, given]) => JSON.stringify(given) === JSON.stringify(params))).toBe(true);
  },
);
