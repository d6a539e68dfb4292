import { type Client, type ClientOptions, connect } from '@longwave/client';
import type { Access, FakeLink, FakeNetwork, Host, Random } from '@longwave/testkit/virtual';

/** A client, and what may happen to its network. */
export interface WorldClient {
  readonly client: Client;
  /** Bytes that came over its links. */
  readonly received: () => number;
  readonly drop: () => void;
  readonly offline: () => void;
  readonly online: () => void;
}

/** A client on `host`, over links of the network. */
export function connectTo(
  network: FakeNetwork,
  host: Host,
  { random, ...options }: Omit<ClientOptions, 'random'> & { readonly random: Random },
): WorldClient {
  const wakers = new Set<(why: 'online' | 'offline') => void>();
  const links = new Set<FakeLink>();
  let access: Access = 'online';
  let received = 0;
  const { connect: dial, name } = network.transport({
    ...{ host, access: () => access, onLink: (link) => void links.add(link) },
  });
  const client = connect('http://test.world', {
    onDiagnostic: () => undefined,
    clock: host.clientClock,
    random: () => random.next(),
    createId: () => random.id(),
    ...options,
    transport: {
      name,
      connect: (url, codec, events) =>
        dial(url, codec, {
          onOpen: () => events.onOpen(),
          onLost: () => events.onLost(),
          onRenew: () => events.onRenew(),
          onClose: (close) => events.onClose(close),
          onMessage: (message) => {
            received += message.length;
            events.onMessage(message);
          },
        }),
    },
    environment: {
      onWake: (waker) => {
        wakers.add(waker);
        return () => void wakers.delete(waker);
      },
      isOnline: () => access === 'online',
    },
  });
  const drop = (): void => {
    for (const link of links) if (link.attached) network.break(link, 'cut');
    links.clear();
  };
  return {
    client,
    received: () => received,
    drop,
    offline: () => {
      access = 'refused';
      for (const wake of wakers) wake('offline');
      drop();
    },
    online: () => {
      access = 'online';
      for (const wake of wakers) wake('online');
    },
  };
}
