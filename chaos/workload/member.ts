import type { ClientsConfig } from '../processes/messages.js';
import type { Collector } from './collector.js';
import { type User, dial } from './dial.js';

/** One who enters a lobby and stays. */
export class Member {
  readonly entered: readonly [lobby: string, who: string];
  readonly #client: User;
  readonly #collector: Collector;
  /** The server's answer when it entered, and again each time that its membership was ended. */
  #standing = 'has entered and was not answered';

  constructor(config: ClientsConfig, collector: Collector, who: string, lobby: string) {
    this.entered = [lobby, who];
    this.#collector = collector;
    this.#client = dial(config, collector, who, 'websocket').client;
    this.#enter();
  }

  /** For the report, where others do not see it. */
  get standing(): string {
    return `${this.entered[1]} ${this.#standing}, and is ${this.#client.state.status}`;
  }

  close(): void {
    this.#client.close();
  }

  #enter(): void {
    const [lobby, who] = this.entered;
    this.#client
      .channel(lobby as 'lobby/x')
      .presence.enter(who, {
        onEnd: ({ code }) => {
          if (code === 'closed') return;
          this.#collector.count('diagnostics', `member ended: ${code}`);
          this.#enter();
        },
      })
      .then(
        () => (this.#standing = 'was told that it is a member'),
        (error: unknown) => (this.#standing = `was refused: ${String(error)}`),
      );
  }
}
