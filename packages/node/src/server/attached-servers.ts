import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { intercept } from '../http/intercept.js';
import { showUpgrades } from '../http/upgrades.js';
import type { WebSocketHost } from '../web-socket/web-socket-host.js';

interface AttachedServersOptions {
  readonly host: WebSocketHost;
  /** The requests of clients, and for scripts. Returns whether it took the request. */
  readonly handleEndpoint: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** The HTTP servers from which requests and upgrades are taken, with how to undo it. */
export class AttachedServers {
  readonly #options: AttachedServersOptions;
  readonly #attached = new Map<HttpServer, () => void>();

  constructor(options: AttachedServersOptions) {
    this.#options = options;
  }

  /** Does nothing where it was attached before. */
  add(server: HttpServer): void {
    if (this.#attached.has(server)) return;
    const { host, handleEndpoint } = this.#options;
    const hide = showUpgrades(server, (request) => host.knows(request));
    const restore = intercept(server, {
      request: handleEndpoint,
      upgrade: (request, socket, head) => host.handle(request, socket, head),
    });
    this.#attached.set(server, () => {
      hide();
      restore();
    });
  }

  remove(server: HttpServer): void {
    this.#attached.get(server)?.();
    this.#attached.delete(server);
  }

  clear(): void {
    for (const server of [...this.#attached.keys()]) this.remove(server);
  }
}
