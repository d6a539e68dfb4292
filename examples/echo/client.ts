import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

// Any WebSocket client will do. Node 22 has one of its own; `ws` also runs on Node 20.
const socket = new WebSocket(process.argv[2] ?? 'ws://localhost:8080/echo');

socket.on('message', (data) => console.log(String(data)));
socket.on('error', (error) => console.error(error.message));
socket.on('close', (code) => process.exit(code === 1000 ? 0 : 1));
socket.on('open', () => {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => socket.send(line));
  lines.on('close', () => socket.close(1000));
});
