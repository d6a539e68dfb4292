import { type CodecName, type Encoded, Greeting } from '@longwave/protocol';
import { NodeWebSocket, type NodeWebSocketEvents, type NodeWebSocketOptions } from './node-web-socket.js';

/**
 * Events of a link that the client gets. The types here are the client's `Transport` port: they match by their shape.
 */
export interface NodeLinkEvents {
  onOpen(): void;
  onMessage(message: Encoded): void;
  onClose(close: {
    readonly code?: number;
    readonly reason?: string;
    readonly unanswered?: 'refused' | undefined;
  }): void;
}

export interface NodeLink {
  begin(): void;
  send(message: Encoded): void;
  close(code?: number, reason?: string): void;
  readonly bufferedBytes: number;
}

export interface NodeTransport {
  readonly name: string;
  connect(url: string, codec: CodecName, events: NodeLinkEvents): NodeLink;
}

export type NodeTransportOptions = Omit<NodeWebSocketOptions, 'protocols'>;

/**
 * WebSocket over Node's own sockets, for the client: the same on every release of Node, with headers and TLS options.
 */
export function nodeTransport(options: NodeTransportOptions = {}): NodeTransport {
  /** WIRE-17. An attempt that failed may have been refused for the message in it: the next goes without. */
  let early = true;
  return {
    name: 'websocket',
    connect: (url, codec, events) => {
      const greeting = new Greeting(codec);
      const open = (socketEvents: NodeWebSocketEvents): NodeWebSocket =>
        new NodeWebSocket(url, { ...options, protocols: greeting.offer(early) }, socketEvents);
      return prepare(open, greeting, events, () => (early = !early));
    },
  };
}

function prepare(
  open: (events: NodeWebSocketEvents) => NodeWebSocket,
  greeting: Greeting,
  events: NodeLinkEvents,
  onFailed: () => void,
): NodeLink {
  // Cleared by `close`: no event follows it.
  let listener: NodeLinkEvents | undefined = events;
  let socket: NodeWebSocket | undefined;
  let opened = false;
  return {
    begin() {
      const begun = (socket = open({
        onOpen: (chosen) => {
          if (chosen?.startsWith(greeting.protocol)) {
            opened = true;
            for (const message of greeting.rest(chosen)) begun.send(message);
            return listener?.onOpen();
          }
          const told = listener;
          listener = undefined;
          begun.close(1002, 'no subprotocol');
          told?.onClose({ code: 1002, reason: `The server does not speak ${greeting.protocol}.` });
        },
        onMessage: (message) => listener?.onMessage(message),
        onClose: (code, reason) => {
          if (!opened) onFailed();
          const isRefused = code === 1006 && /\bECONNREFUSED\b/.test(reason);
          listener?.onClose({ code, reason, unanswered: isRefused ? 'refused' : undefined });
        },
      }));
    },
    send: (message) => void (opened ? socket!.send(message) : greeting.add(message)),
    close: (code, reason) => {
      listener = undefined;
      socket?.close(code, reason);
    },
    get bufferedBytes() {
      return socket?.bufferedBytes ?? 0;
    },
  };
}
