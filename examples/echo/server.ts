import { createServer } from 'longwave';

// A plain WebSocket endpoint: your protocol, Longwave's server underneath.
const server = createServer({ channels: {} });

server.websocket('/echo', (socket) => {
  socket.send('Hello. Whatever you send comes back.');
  socket.onMessage = (data) => socket.send(data);
});

const { port } = await server.listen({ port: Number(process.env['PORT'] ?? 8080), host: '127.0.0.1' });
console.log(`ws://localhost:${port}/echo`);
