import type { Environment, Transport } from '@longwave/client';
import type { ConnectionInfo } from '@longwave/core';
import type { Access, Breakage, FakeLink, FakeNetwork, Host, Listener } from '@longwave/testkit/virtual';

type Waker = Parameters<Environment['onWake']>[0];

/** Where a client of the world runs: its machine, and its way to the network. */
export class Seat {
  readonly host: Host;
  readonly transport: Transport;
  readonly environment: Environment = {
    onWake: (waker) => {
      this.#wakers.add(waker);
      return () => void this.#wakers.delete(waker);
    },
    isOnline: () => this.#access === 'online',
  };
  readonly #network: FakeNetwork;
  readonly #wakers = new Set<Waker>();
  readonly #links = new Set<FakeLink>();
  #access: Access = 'online';

  constructor(
    host: Host,
    network: FakeNetwork,
    info: Omit<ConnectionInfo, 'transport'>,
    listeners: () => readonly Listener[],
  ) {
    this.host = host;
    this.#network = network;
    this.transport = network.transport({
      host,
      access: () => this.#access,
      onLink: (link) => this.#add(link),
      name: 'websocket',
      info,
      listeners,
    });
  }

  /** Every attempt and connection that the client has. */
  drop(how: Breakage): void {
    for (const link of this.#links) if (link.attached) this.#network.break(link, how);
  }

  goOffline(): void {
    if (this.#access !== 'online') return;
    this.#access = 'refused';
    this.#wake('offline');
    this.drop('server-untold');
  }

  goOnline(): void {
    if (this.#access === 'online') return;
    this.#access = 'online';
    this.#wake('online');
  }

  #wake(why: Parameters<Waker>[0]): void {
    for (const waker of this.#wakers) waker(why);
  }

  #add(link: FakeLink): void {
    for (const old of this.#links) if (!old.attached) this.#links.delete(old);
    this.#links.add(link);
  }
}
