import type { Encoded } from '@longwave/protocol';
import type { Link, Renewal, Transport } from '../base/ports.js';

/**
 * A transport made of requests whose code is loaded with its first link. A failure to load is an attempt that failed: the next one
 * loads again.
 */
export function lazyTransport(name: string, load: () => Promise<() => Transport>): Transport {
  return {
    name,
    connect: (url, codec, events) => {
      let link: Link | undefined;
      let renewal: Renewal | undefined;
      let closed = false;
      const unsent: Encoded[] = [];
      load().then(
        (create) => {
          if (closed) return;
          link = create().connect(url, codec, events);
          if (renewal) link.renew!(renewal);
          for (const message of unsent) link.send(message);
        },
        (error: unknown) => {
          if (!closed) events.onClose({ reason: String(error), unanswered: 'perhaps' });
        },
      );
      return {
        renew: (next) => (link ? link.renew!(next) : void (renewal = next)),
        send: (message) => (link ? link.send(message) : void unsent.push(message)),
        close: () => {
          closed = true;
          link?.close();
        },
        get bufferedBytes() {
          return link?.bufferedBytes ?? 0;
        },
      };
    },
  };
}
