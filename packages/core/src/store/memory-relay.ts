import type { Relay } from '../base/ports.js';
import { RelayListeners, requireRelayable } from './relay-listeners.js';

/** Between engines that share a store in one process. */
export class MemoryRelay implements Relay {
  readonly #listeners = new RelayListeners();

  send(topic: string, data: Uint8Array): void {
    requireRelayable(data);
    if (this.#listeners.has(topic)) void Promise.resolve().then(() => this.#listeners.tell(topic, data));
  }

  listen(topic: string, hear: (data: Uint8Array) => void): () => void {
    return this.#listeners.add(topic, hear);
  }
}
