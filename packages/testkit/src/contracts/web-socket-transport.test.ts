import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { Encoded } from '@longwave/protocol';
import { type WebSocketConstructor, webSocketTransport } from '@longwave/client';
import { Queue } from './testing/queue.js';
import { transportContract } from './transport-contract.js';
import type { TransportPeer } from './transport-fixture.js';

function peerOf(socket: WebSocket): TransportPeer {
  const received = new Queue<Encoded>();
  socket.on('message', (data: Buffer, isBinary) => received.push(isBinary ? new Uint8Array(data) : data.toString()));
  socket.on('error', () => undefined);
  return {
    receive: () => received.next(),
    send: (message) => socket.send(message),
    close: (code, reason) => socket.close(code, reason),
    drop: () => socket.terminate(),
    closed: new Promise((resolve) => socket.on('close', () => resolve())),
  };
}

transportContract('webSocketTransport', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const peers = new Queue<TransportPeer>();
  server.on('connection', (socket) => {
    const peer = peerOf(socket);
    // A client that closes before it is open is none that a test waits for.
    setImmediate(() => socket.readyState === socket.OPEN && peers.push(peer));
  });
  await new Promise((resolve) => server.on('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    transport: webSocketTransport({ WebSocket: WebSocket as unknown as WebSocketConstructor }),
    url: `http://127.0.0.1:${port}`,
    deadUrl: 'http://127.0.0.1:1',
    accept: () => peers.next(),
    close: async () => {
      for (const socket of server.clients) socket.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
});
