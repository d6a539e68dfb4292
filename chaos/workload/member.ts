import type { ClientsConfig } from '../processes/messages.js';
import type { Collector } from './collector.js';
import { type User, dial } from './dial.js';

/** One who enters a lobby and stays. */
export class Member {
  readonly entered: readonly [lobby: string, who: string];
  readonly #client: User;

  constructor(config: ClientsConfig, collector: Collector, who: string, lobby: string) {
    this.entered = [lobby, who];
    this.#client = dial(config, collector, who, 'websocket').client;
    this.#client
      .channel(lobby as 'lobby/x')
      .presence.enter(who)
      .catch((error: unknown) => collector.count('rejected', `enter: ${String(error)}`));
  }

  close(): void {
    this.#client.close();
  }
}
