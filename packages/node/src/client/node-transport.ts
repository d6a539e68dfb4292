import { type CodecName, type Encoded, subprotocols } from '@longwave/protocol';
import { NodeWebSocket, type NodeWebSocketOptions } from './node-web-socket.js';

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
  return { name: 'websocket', connect: (url, codec, events) => open(options, url, codec, events) };
}

function open(options: NodeTransportOptions, url: string, codec: CodecName, events: NodeLinkEvents): NodeLink {
  // Cleared by `close`: no event follows it.
  let listener: NodeLinkEvents | undefined = events;
  const protocol = subprotocols[codec];
  const socket = new NodeWebSocket(
    url,
    { ...options, protocols: [protocol] },
    {
      onOpen: (chosen) => {
        if (chosen === protocol) return listener?.onOpen();
        const told = listener;
        listener = undefined;
        socket.close(1002, 'no subprotocol');
        told?.onClose({ code: 1002, reason: `The server does not speak ${protocol}.` });
      },
      onMessage: (message) => listener?.onMessage(message),
      onClose: (code, reason) => {
        const isRefused = code === 1006 && /\bECONNREFUSED\b/.test(reason);
        listener?.onClose({ code, reason, unanswered: isRefused ? 'refused' : undefined });
      },
    },
  );
  return {
    send: (message) => void socket.send(message),
    close: (code, reason) => {
      listener = undefined;
      socket.close(code, reason);
    },
    get bufferedBytes() {
      return socket.bufferedBytes;
    },
  };
}
