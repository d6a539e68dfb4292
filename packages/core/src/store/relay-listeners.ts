import { maxRelayBytes } from '../base/ports.js';

type Hear = (data: Uint8Array) => void;

/** The listeners of a relay on this node, by topic. */
export class RelayListeners {
  readonly #byTopic = new Map<string, Set<Hear>>();

  get topics(): Iterable<string> {
    return this.#byTopic.keys();
  }

  has(topic: string): boolean {
    return this.#byTopic.has(topic);
  }

  /** Returns what ends it: true when nobody listens to the topic any more. */
  add(topic: string, hear: Hear): () => boolean {
    // An object of its own: the same function may be given twice.
    const own: Hear = (data) => hear(data);
    const others = this.#byTopic.get(topic);
    if (others) others.add(own);
    else this.#byTopic.set(topic, new Set([own]));
    return () => {
      const all = this.#byTopic.get(topic);
      if (!all?.delete(own) || all.size > 0) return false;
      return this.#byTopic.delete(topic);
    };
  }

  tell(topic: string, data: Uint8Array): void {
    for (const hear of this.#byTopic.get(topic) ?? []) hear(data);
  }

  clear(): void {
    this.#byTopic.clear();
  }
}

/** Throws `RangeError` for what no relay takes. */
export function requireRelayable(data: Uint8Array): void {
  if (data.length <= maxRelayBytes) return;
  throw new RangeError(`A message of ${data.length} bytes was to be relayed; at most ${maxRelayBytes} may.`);
}
