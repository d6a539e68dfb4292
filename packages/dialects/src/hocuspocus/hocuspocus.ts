import type { Engine, Logger } from '@longwave/core';
import { option } from '@longwave/protocol';
import { Library } from '../documents/library.js';
import { type DialectOptions, libraryKey, resolveOptions } from '../options.js';
import type { CountedDialect } from '../counted-dialect.js';
import type { DialectCounts } from '../sockets/editor.js';
import { HocuspocusSocket } from './hocuspocus-socket.js';
import type { OpenDocument } from './open-document.js';

/** Options of {@link hocuspocus}. */
export interface HocuspocusOptions extends DialectOptions {
  /** Path of the WebSockets. Default `/hocuspocus`. */
  readonly path?: string;
  /** Called for each stateless message of a client that has the document open. Its errors are logged. */
  readonly stateless?: (message: StatelessMessage) => unknown;
}

/** A message beside the document that a client of Hocuspocus sent. Nothing of it is stored. */
export interface StatelessMessage {
  /** As the client names it. */
  readonly document: string;
  readonly channel: string;
  readonly user: string | undefined;
  readonly payload: string;
  /** Answers this client alone. */
  reply(payload: string): void;
}

/** From node to node. */
interface Broadcast {
  readonly name: string;
  readonly payload: string;
}

/** The dialect of Hocuspocus. */
export interface HocuspocusDialect extends CountedDialect {
  /**
   * Sends a stateless message to all clients that have the document open, on every node that speaks the dialect under the same path.
   * `document` is the name that they use. Clients of this node are sent it at once; the promise resolves when the other nodes can hear
   * it. Rejects with `too-large` where name and payload have more than 64 Ki characters as JSON, and with `unavailable` when the store
   * cannot be reached: then this node's clients alone have it.
   */
  broadcastStateless(document: string, payload: string): Promise<void>;
}

/**
 * Serves `HocuspocusProvider` of versions 2, 3 and 4, unmodified, on documents of the contract. Each document of a socket is
 * authenticated by its own token, which is asked for again before its time is over; the provider counts a change as synced when it
 * is stored. Throws `TypeError` or `RangeError` that names an unknown or invalid option.
 * @example
 * ```ts
 * createServer({ channels, documents: yjs(), dialects: [hocuspocus({ document: (name) => `doc/${name}` })] });
 * // In the page: new HocuspocusProvider({ url: 'wss://example.com/hocuspocus', name: 'plan', token });
 * ```
 */
export function hocuspocus(options: HocuspocusOptions = {}): HocuspocusDialect {
  const { path, ...resolved } = resolveOptions('hocuspocus', '/hocuspocus', options, { stateless: option.callback });
  const counts: DialectCounts = { sockets: 0, stored: 0, refused: 0, strangers: 0 };
  const sockets = new Set<HocuspocusSocket>();
  const engines = new Set<Engine>();
  const topic = `stateless ${path}`;
  const sendHere = (name: string, payload: string): void => {
    for (const socket of sockets)
      for (const document of socket.documents) if (document.name === name) document.send(payload);
  };
  /** Errors of the application end no socket, and no process. */
  const said = async (logger: Logger, document: OpenDocument, payload: string): Promise<void> => {
    const { name, channel, user } = document;
    if (channel === undefined) return;
    const reply = (answer: string): void => document.send(answer);
    try {
      await options.stateless?.({ document: name, channel, user, payload, reply });
    } catch (error) {
      logger.error(`A stateless message of the document ${name} could not be handled.`, error);
    }
  };
  return {
    name: 'hocuspocus',
    path,
    maxMessageBytes: resolved.maxMessageBytes,
    counts,
    async broadcastStateless(name, payload) {
      sendHere(name, payload);
      const text = JSON.stringify({ name, payload } satisfies Broadcast);
      for (const engine of engines) await engine.notices.tell(topic, text);
    },
    start(host) {
      const library = host.shared(libraryKey, () => new Library(host));
      const { engine } = host;
      engines.add(engine);
      const deafen = engine.notices.hear(topic, (text) => {
        const { name, payload } = JSON.parse(text) as Broadcast;
        sendHere(name, payload);
      });
      const tick = setInterval(() => {
        for (const socket of sockets) socket.keepAlive();
      }, 1000).unref();
      return {
        open(visit) {
          const tell = (document: OpenDocument, payload: string): void => void said(host.logger, document, payload);
          const parts = { host, library, options: resolved, counts, said: tell };
          const socket = new HocuspocusSocket(visit, { ...parts, onClose: () => sockets.delete(socket) });
          sockets.add(socket);
        },
        close() {
          clearInterval(tick);
          engines.delete(engine);
          deafen();
          library.close();
        },
      };
    },
  };
}
