import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

// Any WebSocket client will do. Node 22 has one of its own; `ws` also runs on Node 20.
const socket = new WebSocket(process.argv[2] ?? 'ws://localhost:8080/echo');

socket.onmessage = ({ data }) => console.log(data);
socket.onerror = ({ message }) => console.error(message);
socket.onclose = ({ code }) => process.exit(code === 1000 ? 0 : 1);
socket.onopen = () => {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => socket.send(line));
  lines.on('close', () => socket.close(1000));
};
