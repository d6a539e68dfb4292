import { nodeRequest, nodeTransport } from '@longwave/node/client';
import { type ClientOptions, type PostRequest, type Transport, pollTransport, streamTransport } from 'longwave/client';

export const transportNames = ['websocket', 'stream', 'poll', 'auto'] as const;
export type TransportChoice = (typeof transportNames)[number];

type Given = NonNullable<ClientOptions['transport']>;

/** The transports of a client behind a forward proxy. */
export function throughForwardProxy(choice: TransportChoice, proxy: string, ca: string): Given {
  const request = nodeRequest({ proxy, tls: { ca } });
  const all: Readonly<Record<string, Transport>> = {
    websocket: nodeTransport({ proxy, tls: { ca } }),
    stream: streamTransport({ request }),
    poll: pollTransport({ request }),
  };
  return choice === 'auto' ? Object.values(all) : all[choice]!;
}

/** Those of a client whose polls are held for `holdMs` in place of 25 s: for a proxy that is less patient than any real one. */
export function withShortPolls(choice: TransportChoice, holdMs: number): Given {
  const byNode = nodeRequest({ tls: { rejectUnauthorized: false } });
  const request: PostRequest = (url, ...rest) => byNode(url.replace(/hold=\d+/, `hold=${holdMs}`), ...rest);
  const all: Readonly<Record<string, Transport>> = {
    websocket: nodeTransport(),
    stream: streamTransport({ request }),
    poll: pollTransport({ request }),
  };
  return choice === 'auto' ? Object.values(all) : all[choice]!;
}
