import type { Chunk, ConnectionInfo, Engine, Session, Sink, Wire } from '@longwave/core';
import type { Encoded } from '@longwave/protocol';
import { LinkInfo, noHeaders } from '@longwave/node/hosts';
import type { BunSocket, SocketOwner } from '../host/bun.js';
import { close, send } from './send.js';

/** Units that are gathered for one message, while the writes of a flush travel together. */
const corkedUnits = 16 * 1024;

/** The same for all links of a host. */
export interface BunLinkOptions {
  readonly engine: Engine;
  readonly compress: boolean;
  /** In front, that are trusted to tell the address. */
  readonly proxies: number;
}

const webSocketTransport = 'websocket';

/** A session over a WebSocket of Bun. One object is all that an idle connection needs besides its socket. */
export class BunLink implements Sink, SocketOwner {
  readonly wire: Wire;
  readonly #options: BunLinkOptions;
  #headers: ConnectionInfo['headers'];
  #first: Encoded | undefined;
  #socket!: BunSocket;
  #session!: Session;
  /** Chunks of this flush. */
  #corked: Chunk[] | undefined;
  #units = 0;

  /** `first`: the message that came in the request (WIRE-17). */
  constructor(wire: Wire, options: BunLinkOptions, headers: ConnectionInfo['headers'], first: Encoded | undefined) {
    this.wire = wire;
    this.#options = options;
    this.#headers = headers;
    this.#first = first;
  }

  /** Undefined: a header of the request told the address. */
  get info(): ConnectionInfo | undefined {
    return this.#options.proxies > 0 ? undefined : new LinkInfo(webSocketTransport, noHeaders, this.#socket);
  }

  opened(socket: BunSocket): void {
    this.#socket = socket;
    const { engine, proxies } = this.#options;
    this.#session = engine.accept(this, new LinkInfo(webSocketTransport, this.#headers, socket, proxies));
    this.#headers = noHeaders;
    if (this.#first === undefined) return;
    this.#session.receive(this.#first);
    this.#session.flush();
    this.#first = undefined;
  }

  // Hot path: one call for each socket and flush.
  write(chunk: Chunk): boolean {
    if (this.#corked) return this.#gather(this.#corked, chunk);
    return send(this.#socket, chunk, this.#options.compress);
  }

  cork(): void {
    this.#corked = [];
    this.#units = 0;
  }

  /** One that the socket does not take is told by the next `write`. */
  uncork(): void {
    const corked = this.#corked;
    this.#corked = undefined;
    if (corked) this.#sendAll(corked);
  }

  #gather(corked: Chunk[], chunk: Chunk): boolean {
    corked.push(chunk);
    this.#units += chunk.length;
    if (this.#units < corkedUnits) return true;
    this.#corked = [];
    this.#units = 0;
    return this.#sendAll(corked);
  }

  #sendAll(chunks: readonly Chunk[]): boolean {
    if (chunks.length === 0) return true;
    const message = chunks.length === 1 ? chunks[0]! : this.wire.codec.join(chunks);
    return send(this.#socket, message, this.#options.compress);
  }

  close(code: number, reason: string): void {
    this.uncork();
    close(this.#socket, code, reason);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  drained(): void {
    this.#session.drained();
  }

  received(message: string | Uint8Array): void {
    this.#session.receive(message);
  }

  ponged(): void {}

  closed(): void {
    this.#session.closed();
  }
}
