import { clientOf } from '@longwave/client';
import type { DocumentChannel } from './document-channel.js';

/** Things of documents, by the names of the documents, for each client. */
export class PerClient<Thing> {
  readonly #clients = new WeakMap<object, Map<string, Thing>>();

  /** `make` gets a function that takes it out again. */
  get(channel: DocumentChannel, make: (drop: () => void) => Thing): Thing {
    const { name } = channel;
    const owner = clientOf(channel) ?? channel;
    const things = this.#clients.get(owner) ?? new Map<string, Thing>();
    this.#clients.set(owner, things);
    const known = things.get(name);
    if (known !== undefined) return known;
    const thing: Thing = make(() => {
      if (things.get(name) === thing) things.delete(name);
    });
    things.set(name, thing);
    return thing;
  }
}
