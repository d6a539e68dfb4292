import type { Transport } from '@longwave/client';
import { type ServerOptions, createServer } from '@longwave/node';
import { nodeTransport } from '@longwave/node/client';
import { type ClientFrame, createServerCodec } from '@longwave/protocol';
import { type ReactNode, createElement } from 'react';
import { onTestFinished } from 'vitest';
import { connect } from '../client-node.js';
import { LongwaveError, call, defineCalls, defineChannels, log, map, value } from '../index.js';
import { createHooks } from '../react.js';
import { type RenderHookOptions, renderHook } from './render-hook.js';
import { anyOf } from './schema.js';

export const channels = defineChannels({
  'chat/:room': log({ message: anyOf<{ readonly text: string }>(), presence: anyOf<{ readonly name: string }>() }),
  quotes: map({ value: anyOf<{ readonly price: number }>() }),
  typing: log({ message: anyOf<boolean>() }),
  forum: log({ message: anyOf<string>(), redactable: true }),
  score: value({ value: anyOf<number>() }),
});
const calls = defineCalls({
  echo: call(anyOf<string>(), (text) => text),
  refuse: call(anyOf<string>(), (): string => {
    throw new LongwaveError('forbidden', 'Not you.');
  }),
});

const { LongwaveProvider, useCall, useChannel, useClient, useConnection } = createHooks<
  typeof channels,
  typeof calls
>();
export { useCall, useChannel, useClient, useConnection };

/** A server, and a page with a client of it that a provider gives to the hook. */
export async function startFixture(options: Pick<ServerOptions<typeof channels>, 'authorize'> = {}) {
  const server = createServer({ channels, calls, authenticate: (token) => ({ user: token ?? 'nobody' }), ...options });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });

  const open = (token: string) => {
    const { transport, sent } = countingTransport();
    const client = connect<typeof channels, typeof calls>(`http://127.0.0.1:${port}`, { token, transport });
    onTestFinished(() => client.close());
    const wrap = (child: ReactNode) => createElement(LongwaveProvider, { client }, child);
    return {
      client,
      wrap,
      /** Frames of a type that were sent, when the server has read them all. */
      sent: async (type: ClientFrame['type']): Promise<number> => {
        await client.call('echo', '');
        return sent.filter((each) => each === type).length;
      },
      render: <Props, Result>(
        hook: (props: Props) => Result,
        props: NoInfer<Props>,
        given: Pick<RenderHookOptions, 'strict'> = {},
      ) => renderHook(hook, props, { wrap, ...given }),
    };
  };
  return { server, open };
}

function countingTransport() {
  const codec = createServerCodec('json');
  const sent: ClientFrame['type'][] = [];
  const { name, connect: connectNode } = nodeTransport();
  const transport: Transport = {
    name,
    connect: (...args) => {
      const link = connectNode(...args);
      return {
        send: (message) => {
          for (const { type } of codec.decode(message)) if (type !== 'bad') sent.push(type);
          link.send(message);
        },
        close: (...how) => link.close(...how),
      };
    },
  };
  return { transport, sent };
}
