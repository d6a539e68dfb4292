import { webSocketTransport } from '@longwave/client';
import type { WebSocketPeer } from '@longwave/node';
import { type Encoded, defineChannels, log, subprotocols } from '@longwave/protocol';
import { type TransportPeer, transportContract } from '@longwave/testkit/contracts';
import { createServer } from './index.js';

/** A queue that is waited for at its front. */
class Queue<T> {
  readonly #items: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  push(item: T): void {
    const waiter = this.#waiting.shift();
    if (waiter) waiter(item);
    else this.#items.push(item);
  }

  next(): Promise<T> {
    const [item] = this.#items.splice(0, 1);
    return item === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(item);
  }
}

function peerOf(socket: WebSocketPeer): TransportPeer {
  const received = new Queue<Encoded>();
  socket.onMessage = (data) => received.push(typeof data === 'string' ? data : new Uint8Array(data));
  return {
    receive: () => received.next(),
    send: (message) => void socket.send(message),
    close: (code, reason) => socket.close(code, reason),
    drop: () => socket.terminate(),
    closed: new Promise((resolve) => (socket.onClose = () => resolve())),
  };
}

transportContract('webSocketTransport to Bun', async () => {
  const quiet = { error: () => undefined, info: () => undefined };
  const server = createServer({ channels: defineChannels({ a: log() }), logger: quiet });
  const peers = new Queue<TransportPeer>();
  const accept = (socket: WebSocketPeer): void => {
    const peer = peerOf(socket);
    // A client that closes before it is open is none that a test waits for.
    setImmediate(() => socket.open && peers.push(peer));
  };
  server.websocket('/contract', accept, { protocols: Object.values(subprotocols) });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  return {
    transport: webSocketTransport({ WebSocket }),
    url: `http://127.0.0.1:${port}/contract`,
    deadUrl: 'http://127.0.0.1:1',
    accept: () => peers.next(),
    close: () => server.close(),
  };
});
