import { type Relay, requireRelayable } from '@longwave/core';
import type { Connection } from './links/connection.js';
import { Deadline } from './links/deadline.js';
import { orUnavailable } from './links/or-unavailable.js';
import type { Names } from './names.js';

/** Messages between nodes without JetStream: NATS stores none of them. Subscriptions come back with the connection. */
export class NatsRelay implements Relay {
  readonly #connection: Connection;
  readonly #names: Names;
  readonly #deadline: () => Deadline;

  constructor(connection: Connection, names: Names, deadline: () => Deadline) {
    this.#connection = connection;
    this.#names = names;
    this.#deadline = deadline;
  }

  send(topic: string, data: Uint8Array): void {
    requireRelayable(data);
    this.#connection.link?.connection.publish(this.#names.relay(topic), data);
  }

  listen(topic: string, hear: (data: Uint8Array) => void): Promise<() => void> {
    return orUnavailable(async () => {
      const { connection } = await this.#connection.reach(this.#deadline());
      const subscription = connection.subscribe(this.#names.relay(topic), {
        callback: (error, { data }) => {
          if (!error) hear(data);
        },
      });
      await connection.flush();
      return () => subscription.unsubscribe();
    });
  }
}
