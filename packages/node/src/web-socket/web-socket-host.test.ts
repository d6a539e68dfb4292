import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createServer } from '../server/create-server.js';

it('hands a plain endpoint the message that came in one packet with the handshake', async () => {
  const server = createServer({ channels: {} });
  onTestFinished(() => server.close());
  const received = new Promise<string | Uint8Array>((resolve) => {
    server.websocket('/early', (socket) => {
      socket.onMessage = resolve;
    });
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const head =
    'GET /early HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';
  // A text message 'hi', masked with zeros (RFC 6455 §5.2).
  socket.write(Buffer.concat([Buffer.from(head), Buffer.of(0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69)]));
  expect(await received).toBe('hi');
});
