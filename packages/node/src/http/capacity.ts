import type { Engine } from '@longwave/core';

/** Counts the connections of all hosts for `maxConnections`. */
export class Capacity {
  /** Besides the engine's sessions: plain WebSockets, requests that are not complete, answers on their way. */
  others = 0;
  readonly #stats: Engine['stats'];
  readonly #maxConnections: number;

  constructor({ stats }: Pick<Engine, 'stats'>, maxConnections: number) {
    this.#stats = stats;
    this.#maxConnections = maxConnections;
  }

  get isFull(): boolean {
    return this.#stats.connections + this.others >= this.#maxConnections;
  }
}
