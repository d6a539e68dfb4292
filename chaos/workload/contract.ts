import { type Server, createServer, defineCalls, defineChannels, doc, log, map, value } from 'longwave';
import { yjs } from 'longwave/yjs/server';
import type { ServerOptions } from '@longwave/node';

/** Operations that each log retains. */
export const retainCount = 20_000;
const retain = { maxCount: retainCount, maxBytes: 64 * 1024 * 1024 };

/** The application whose nodes are tormented. */
export const channels = defineChannels({
  'log/:name': log({ retain }),
  'quiet/:name': log({ retain }),
  'guarded/:name': log({ retain }),
  'forum/:name': log({ retain, redactable: true }),
  '@me': log({ retain }),
  'board/:name': map(),
  'score/:name': value(),
  'doc/:name': doc(),
  'lobby/:name': log({ retain: { maxCount: 10 }, presence: {} }),
});

export type ChaosServer = Server<typeof channels>;

/** A client's request to a node to send a message to a user. `attempt`: above 1 it may have been said before. */
interface Tell {
  readonly to: string;
  readonly data: unknown;
  readonly id: string;
  readonly attempt: number;
}

export interface Told {
  readonly epoch: string;
  readonly offset: number;
}

export function createChaosServer(
  options: Pick<ServerOptions<typeof channels>, 'store' | 'authorize' | 'heartbeat' | 'logger'>,
): ChaosServer {
  const calls = defineCalls({
    tell: {
      input: undefined,
      handle: async (input: unknown): Promise<Told> => {
        const { to, data, id, attempt } = input as Tell;
        return (await server.user(to).publish(data, { id, retry: attempt > 1 })).position;
      },
    },
  });
  const server: ChaosServer = createServer({
    channels,
    calls,
    documents: yjs(),
    authenticate: (token) => ({ user: token ?? 'nobody' }),
    ...options,
  });
  return server;
}
