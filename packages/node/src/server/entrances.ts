import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { ServerOptions as TlsOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock, Engine } from '@longwave/core';
import { LongwaveError } from '@longwave/protocol';
import { intercept } from '../http/intercept.js';
import { type Listener, createListener } from '../http/listener.js';
import type { RequestQueues } from '../requests/request-queues.js';
import { showUpgrades } from '../http/upgrades.js';
import type { WebSocketHost } from '../web-socket/web-socket-host.js';

export interface EntrancesOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly tls: TlsOptions | undefined;
  readonly host: WebSocketHost;
  /** For servers of others as well: the requests of clients, and scripts. Returns whether it took the request. */
  readonly handleEndpoint: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly queues: RequestQueues;
  readonly maxConnections: number;
  /** For servers of our own: all that is not a WebSocket. */
  readonly handleRequest: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** The HTTP servers by which a Longwave server is reached, its own and those of the application, until it closes. */
export class Entrances {
  readonly #options: EntrancesOptions;
  readonly #own = new Set<Listener>();
  /** Listeners that are about to be there. */
  readonly #opening = new Set<Promise<unknown>>();
  readonly #attached = new Map<HttpServer, () => void>();
  #closing: Promise<void> | undefined;

  constructor(options: EntrancesOptions) {
    this.#options = options;
  }

  /** Does nothing where it was attached before. Throws `closed`. */
  attach(server: HttpServer): void {
    if (this.#closing) throw closed();
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

  /** Rejects with `closed`, or with the error of `listen`. */
  async listen(port: number, address: string | undefined): Promise<AddressInfo> {
    if (this.#closing) throw closed();
    const opening = this.#open(port, address);
    const settled = opening.then(
      () => undefined,
      () => undefined,
    );
    this.#opening.add(settled);
    try {
      return await opening;
    } finally {
      this.#opening.delete(settled);
    }
  }

  /** `end` ends the engine and the links. A second call joins the first. */
  close(drainMs: number, end: () => Promise<void>): Promise<void> {
    return (this.#closing ??= this.#close(drainMs, end));
  }

  async #open(port: number, address: string | undefined): Promise<AddressInfo> {
    const { engine, clock, tls, host, queues, maxConnections, handleRequest } = this.#options;
    const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
      // The next request of this peer had better find another node.
      if (!engine.accepting) response.shouldKeepAlive = false;
      queues.run(request, response, () => {
        if (!handleRequest(request, response)) response.writeHead(404).end();
      });
    };
    const listener = createListener({
      tls,
      clock,
      maxConnections,
      openingMs: engine.limits.connectTimeoutMs,
      accept: (head, socket, rest) => host.accept(head, socket, rest),
      http2: { request: onRequest, connect: (request, stream) => host.connect(request, stream) },
    });
    listener.server.on('request', onRequest);
    this.attach(listener.server);
    try {
      const bound = await listener.listen(port, address);
      if (!this.#closing) {
        this.#own.add(listener);
        return bound;
      }
    } catch (error) {
      this.#leave(listener.server);
      throw error;
    }
    listener.stop();
    await listener.close();
    throw closed();
  }

  async #close(drainMs: number, end: () => Promise<void>): Promise<void> {
    const { engine } = this.#options;
    for (const listener of this.#own) listener.leave();
    // While it drains it says so to whoever asks: a load balancer, and clients that it sent here still (READ-4).
    const told = this.#own.size > 0 ? wait(drainMs) : undefined;
    await Promise.all([engine.drain(drainMs), told]);
    for (const listener of this.#own) listener.stop();
    await end();
    for (const listener of this.#own) await listener.close();
    await Promise.all(this.#opening);
    for (const server of [...this.#attached.keys()]) this.#leave(server);
  }

  #leave(server: HttpServer): void {
    this.#attached.get(server)?.();
    this.#attached.delete(server);
  }
}

function closed(): LongwaveError {
  return new LongwaveError('closed', 'This server was closed, and takes no more connections: create another one.');
}
