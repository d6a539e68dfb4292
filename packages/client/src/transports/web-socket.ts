import type { CodecName, Encoded } from '@longwave/protocol';
import { Greeting } from '@longwave/protocol/client';
import type { Link, LinkClose, LinkEvents, Transport } from '../base/ports.js';

/** The part of the browser's WebSocket that the client uses. The `WebSocket` of `ws` and of undici fits as well. */
export interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  readonly protocol: string;
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

/** Constructor of a WebSocket, such as that of a browser or of `ws`. */
export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

/**
 * A transport over WebSocket, with the subprotocol of the codec (WIRE-2). `WebSocket` is the constructor, by default
 * the host's. Throws `TypeError` where there is none.
 * @example
 * ```ts
 * const client = connect(url, { transport: webSocketTransport({ WebSocket }) });
 * ```
 */
export function webSocketTransport(options: { readonly WebSocket?: WebSocketConstructor } = {}): Transport {
  const Constructor = options.WebSocket ?? hostWebSocket();
  if (!Constructor) {
    throw new TypeError('No WebSocket here.');
  }
  /** WIRE-17. An attempt that failed may have been refused for the message in it: the next goes without. */
  let early = true;
  return {
    name: 'websocket',
    connect: (url, codec, events) =>
      prepare(
        (greeting) => new Constructor(url.replace(/^http/, 'ws'), greeting.offer(early)),
        codec,
        events,
        () => (early = !early),
      ),
  };
}

/** Tells whether the host has a WebSocket. Not every host does, although the browser's types say so. */
export function hasWebSocket(): boolean {
  return hostWebSocket() !== undefined;
}

function hostWebSocket(): WebSocketConstructor | undefined {
  const host: { readonly WebSocket?: WebSocketConstructor } = globalThis;
  return host.WebSocket;
}

const connectingState = 0;
const openState = 1;
const ignore = (): void => {};

function prepare(
  open: (greeting: Greeting) => WebSocketLike,
  codec: CodecName,
  events: LinkEvents,
  onFailed: () => void,
): Link {
  const greeting = new Greeting(codec);
  let socket: WebSocketLike | undefined;
  let opened = false;
  let closed = false;
  const ended = (close: LinkClose): void => {
    if (socket) detach(socket);
    if (!opened) onFailed();
    events.onClose(close);
  };
  const begin = (): void => {
    if (closed) return;
    const begun = (socket = open(greeting));
    begun.binaryType = 'arraybuffer';
    // As a rule a close event follows, and says enough. Node 22 leaves it out when an attempt fails.
    begun.onerror = () => {
      if (begun.readyState === connectingState) ended({ code: 1006, reason: '' });
    };
    begun.onopen = () => {
      opened = true;
      for (const message of greeting.rest(begun.protocol)) link.send(message);
      events.onOpen();
    };
    begun.onmessage = ({ data }: { data: unknown }) => events.onMessage(toEncoded(data));
    begun.onclose = ({ code, reason }: { code: number; reason: string }) => ended({ code, reason });
  };
  const link: Link = {
    early: true,
    send(message) {
      if (!opened) greeting.add(message);
      else if (socket!.readyState === openState) socket!.send(message as string | Uint8Array<ArrayBuffer>);
    },
    close(code, reason) {
      closed = true;
      if (!socket) return;
      detach(socket);
      socket.close(code, reason);
    },
    get bufferedBytes() {
      return socket?.bufferedAmount ?? 0;
    },
  };
  greeting.whenGiven(begin, (error) => ended({ reason: String(error) }));
  return link;
}

function detach(socket: WebSocketLike): void {
  // Not null: `ws` throws an error event that nobody listens for.
  socket.onopen = socket.onmessage = socket.onclose = socket.onerror = ignore;
}

function toEncoded(data: unknown): Encoded {
  if (typeof data === 'string') return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return '';
}
