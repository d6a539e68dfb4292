import { WebSocket } from 'ws';

/** As many bytes as Longwave's players send with an input. */
const message = new Uint8Array(30);

/** A player of the server that looks at nothing. @param {number} port */
export function openFloor(port) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  socket.binaryType = 'nodebuffer';
  return { socket, act: () => socket.send(message) };
}
