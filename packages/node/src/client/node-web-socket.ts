import { type Socket, connect as connectTcp, isIP } from 'node:net';
import { type ConnectionOptions as TlsOptions, connect as connectTls } from 'node:tls';
import {
  ClientHandshake,
  type ConnectionHandler,
  type ConnectionTransport,
  WebSocketConnection,
  type WebSocketPorts,
  createConnectionSettings,
} from '@longwave/websocket';
import { createNodePorts } from '@longwave/websocket/node';
import { endSoon, plug } from '../http/plug.js';
import { openTunnel, parseForwardProxy } from './forward-proxy.js';

/** Milliseconds within which a message of the server that began must be complete, over whatever line the client has. */
const messageTimeoutMs = 30_000;

export interface NodeWebSocketOptions {
  /** Subprotocols offered, the preferred one first. */
  readonly protocols?: readonly string[];
  /** Further headers of the request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes of one message. Default 16 MiB. */
  readonly maxMessageBytes?: number;
  /** Offers permessage-deflate (RFC 7692). Default false. */
  readonly compress?: boolean;
  /** For `wss:`: a CA, a client certificate, as in `node:tls`. */
  readonly tls?: TlsOptions;
  /** A forward proxy, which is asked for a tunnel: `http://proxy:3128`. Default none. */
  readonly proxy?: string;
  /** Milliseconds until the handshake must be done. Default 10,000. */
  readonly handshakeTimeoutMs?: number;
}

/** Events of a socket, never before the constructor has returned. */
export interface NodeWebSocketEvents {
  /** `protocol`: the subprotocol that the server chose. */
  onOpen?(protocol: string | undefined): void;
  onMessage?(data: string | Uint8Array): void;
  onPing?(payload: Uint8Array): void;
  onPong?(payload: Uint8Array): void;
  /** The socket takes more, after a `send` that returned false. */
  onDrain?(): void;
  /** Once, and nothing after it. 1006 when it never opened or broke; `reason` then says why, for people. */
  onClose?(code: number, reason: string): void;
}

/**
 * A WebSocket client over Node's sockets: the browser's WebSocket is missing before Node 22, and cannot send headers.
 */
export class NodeWebSocket {
  /** None while a proxy is asked for a tunnel. */
  #socket: Socket | undefined;
  #giveUpTunnel = (): void => {};
  readonly #events: NodeWebSocketEvents;
  readonly #handshake: ClientHandshake;
  readonly #ports: WebSocketPorts = createNodePorts();
  readonly #options: NodeWebSocketOptions;
  readonly #timer: NodeJS.Timeout;
  #connection: WebSocketConnection | undefined;
  #closed = false;
  #error = '';

  /**
   * `url`: `ws:`, `wss:`, `http:` or `https:`. Throws `TypeError` on one that is none, `WebSocketError` on an option
   * that cannot be sent.
   */
  constructor(url: string, options: NodeWebSocketOptions, events: NodeWebSocketEvents) {
    const target = parse(url);
    const proxy = options.proxy === undefined ? undefined : parseForwardProxy(options.proxy);
    const { protocols = [], headers = {}, compress = false, handshakeTimeoutMs = 10_000 } = options;
    this.#options = options;
    this.#events = events;
    const { host, path } = target;
    this.#handshake = new ClientHandshake({ host, path, protocols, headers, deflate: compress && {} }, this.#ports);
    this.#timer = setTimeout(() => this.#giveUp('The handshake took too long.'), handshakeTimeoutMs);
    if (!proxy) this.#begin(dial(target, options.tls), target);
    else
      this.#giveUpTunnel = openTunnel(proxy, authorityOf(target), {
        onOpen: (tunnel) => this.#begin(dial(target, options.tls, tunnel), target, !target.secure),
        onFail: (why) => {
          this.#error = why;
          this.#onSocketClose();
        },
      });
  }

  #begin(socket: Socket, { secure }: Target, connected = false): void {
    this.#socket = socket;
    socket.setNoDelay(true);
    const ask = (): void => void socket.write(this.#handshake.request);
    if (connected) ask();
    else socket.once(secure ? 'secureConnect' : 'connect', ask);
    socket.on('data', this.#onHandshakeData);
    socket.on('error', this.#onError);
    socket.on('close', this.#onSocketClose);
  }

  /** Bytes not yet handed to the network. */
  get bufferedBytes(): number {
    return this.#socket?.writableLength ?? 0;
  }

  get open(): boolean {
    return !this.#closed && this.#connection?.state === 'open';
  }

  /** False: the socket is slow, `onDrain` will be called. Does nothing unless open. */
  send(data: string | Uint8Array): boolean {
    if (!this.open) return false;
    return typeof data === 'string' ? this.#connection!.sendText(data) : this.#connection!.sendBinary(data);
  }

  /** Stops reading from the peer, until `resume`. Messages that came in already may still be told. */
  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  /** Throws `WebSocketError` above 125 bytes. Does nothing unless open. */
  ping(payload?: Uint8Array): void {
    if (this.open) this.#connection!.ping(payload);
  }

  /**
   * Begins the closing handshake, or gives up one that is opening. `onClose` tells when it is done. Throws
   * `WebSocketError` for a code that may not be sent.
   */
  close(code?: number, reason?: string): void {
    if (this.#closed) return;
    if (!this.#connection) return this.#giveUp('It was closed before it opened.');
    this.#connection.close(code, reason);
    // It is for the server to end the transport, but not to decide how long this end waits (RFC 6455 §7.1.1).
    endSoon(this.#socket!);
  }

  readonly #onHandshakeData = (chunk: Uint8Array): void => {
    const result = this.#handshake.receive(chunk);
    if (result.kind === 'incomplete') return;
    if (result.kind === 'failed') return this.#giveUp(`The handshake failed: ${result.error.message}.`);
    clearTimeout(this.#timer);
    const socket = this.#socket!;
    socket.off('data', this.#onHandshakeData);
    const { maxMessageBytes } = this.#options;
    const settings = createConnectionSettings({
      role: 'client',
      ports: this.#ports,
      ...(maxMessageBytes !== undefined && { maxMessageBytes }),
    });
    this.#connection = new WebSocketConnection(settings, transportOf(socket), this.#handler(socket), result.deflate);
    const connection = this.#connection;
    plug(socket, { connection, messageTimeoutMs, watch: undefined, onDrain: () => this.#events.onDrain?.() });
    this.#events.onOpen?.(result.protocol);
    // After `onOpen`: a flowing socket hands the bytes over at once.
    if (result.rest.length > 0) socket.unshift(result.rest);
  };

  readonly #onError = (error: Error): void => {
    this.#error = messageOf(error);
  };

  /** Before the handshake is done; afterwards the connection's own event comes first. */
  readonly #onSocketClose = (): void => this.#finish(1006, this.#error || 'The connection was closed.');

  #handler(socket: Socket): ConnectionHandler {
    const { onPing, onPong } = this.#events;
    return {
      onMessage: (data) => this.#events.onMessage?.(data),
      ...(onPing && { onPing: (payload: Uint8Array) => this.#events.onPing?.(payload) }),
      ...(onPong && { onPong: (payload: Uint8Array) => this.#events.onPong?.(payload) }),
      onClose: (code, reason) => {
        endSoon(socket);
        this.#finish(code, reason || (code === 1006 ? this.#error : ''));
      },
    };
  }

  #giveUp(why: string): void {
    this.#error = why;
    // A socket that never connected tells its end all the same: 'close' follows.
    if (this.#socket) this.#socket.destroy();
    else {
      this.#giveUpTunnel();
      queueMicrotask(this.#onSocketClose);
    }
  }

  #finish(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#events.onClose?.(code, reason);
  }
}

interface Target {
  readonly secure: boolean;
  /** The Host header. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly path: string;
}

function parse(text: string): Target {
  const url = new URL(text);
  const { protocol, hostname, host, port, pathname, search } = url;
  const secure = protocol === 'wss:' || protocol === 'https:';
  if (!secure && protocol !== 'ws:' && protocol !== 'http:') {
    throw new TypeError(`A WebSocket's address begins with ws:, wss:, http: or https:, not '${protocol}'.`);
  }
  return {
    secure,
    host,
    address: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    path: pathname + search,
  };
}

function transportOf(socket: Socket): ConnectionTransport {
  return {
    write: (bytes) => socket.write(bytes),
    end: () => {
      socket.end();
      endSoon(socket);
    },
  };
}

function authorityOf({ address, port }: Target): string {
  return `${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
}

/** `tunnel`: what stands in for a connection of our own. */
function dial({ secure, address: host, port }: Target, tls: TlsOptions = {}, tunnel?: Socket): Socket {
  if (!secure) return tunnel ?? connectTcp({ host, port });
  // A name, never an address, may be sent as the server name (RFC 6066 §3).
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket = tunnel && { socket: tunnel };
  return connectTls({ ALPNProtocols: ['http/1.1'], ...name, ...tls, host, port, ...socket });
}

/** Where a name has several addresses, Node says what failed at each and has no message for the whole. */
function messageOf(error: Error): string {
  const { errors } = error as Partial<AggregateError>;
  return error.message || (errors ?? []).map(String).join('; ') || error.name;
}
