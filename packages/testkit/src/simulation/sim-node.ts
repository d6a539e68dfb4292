import type { ConnectionInfo, Engine, Session, Sink } from '@longwave/core';
import type { Listener } from '../network/fake-network.js';
import type { Host } from '../checking/host.js';

/** One place where a server runs: now this process, later the next. */
export class SimNode implements Listener {
  readonly name: string;
  host!: Host;
  engine: Engine | undefined;
  /** Watches of the store that were begun and not ended. */
  store: { readonly watches: number } | undefined;
  starts = 0;
  /** While it is down: whether its machine says so. */
  #dark = false;

  constructor(name: string) {
    this.name = name;
  }

  begin(host: Host, engine: Engine, store: { readonly watches: number }): void {
    this.host = host;
    this.engine = engine;
    this.store = store;
    this.starts++;
  }

  get reachable(): 'up' | 'refusing' | 'dark' {
    if (this.engine) return this.engine.accepting ? 'up' : 'refusing';
    return this.#dark ? 'dark' : 'refusing';
  }

  accept(sink: Sink, info: ConnectionInfo): Session {
    if (!this.engine) throw new Error(`${this.name} is down.`);
    return this.engine.accept(sink, info);
  }

  /** Kill -9, or with `dark` the power cord. */
  crash(dark: boolean): void {
    this.host.stop();
    this.engine = undefined;
    this.#dark = dark;
  }
}
