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
  /** Messages may be sent before it is open. The first MAY go with the request, the others follow once it is open. */
  readonly early: true;
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
  const ended = (close: Parameters<NodeLinkEvents['onClose']>[0]): void => {
    const told = listener;
    listener = undefined;
    if (!opened) onFailed();
    told?.onClose(close);
  };
  const begin = (): void => {
    if (!listener) return;
    const begun = (socket = open({
      onOpen: (chosen) => {
        if (chosen?.startsWith(greeting.protocol)) {
          opened = true;
          for (const message of greeting.rest(chosen)) begun.send(message);
          return listener?.onOpen();
        }
        begun.close(1002, 'no subprotocol');
        ended({ code: 1002, reason: `The server does not speak ${greeting.protocol}.` });
      },
      onMessage: (message) => listener?.onMessage(message),
      onClose: (code, reason) => {
        const isRefused = code === 1006 && /\bECONNREFUSED\b/.test(reason);
        ended({ code, reason, unanswered: isRefused ? 'refused' : undefined });
      },
    }));
  };
  greeting.whenGiven(begin, (error) => ended({ reason: String(error) }));
  return {
    early: true,
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
