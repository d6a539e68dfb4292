import { WebSocket } from 'ws';

/** The kinds of messages that a player sends. */
const codes = { joinRoom: 10, dataBytes: 17 };

/**
 * A player as raw messages. Colyseus waits for the word that the player is ready.
 * @param {number} port @param {string} path
 */
export function openColyseus(port, path) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${path}`, { perMessageDeflate: false });
  socket.binaryType = 'nodebuffer';
  socket.once('message', () => socket.send(Uint8Array.of(codes.joinRoom)));
  return {
    socket,
    /** @param {number} dx @param {number} dy */
    act(dx, dy) {
      // The message of type 0, and a byte for each axis.
      socket.send(Uint8Array.of(codes.dataBytes, 0, Math.round((dx + 1) * 127), Math.round((dy + 1) * 127)));
    },
  };
}
