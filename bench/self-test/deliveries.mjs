// Ways of delivery that are correct and awkward: the generator must not mistake them for faults.
import { encodeText } from '../peers/floor-websocket.mjs';

/** @typedef {import('node:stream').Duplex} Socket */

/** @type {WeakMap<Socket, Buffer[]>} */
const kept = new WeakMap();

export const lateByMs = 50;

const ping = Buffer.from([0x89, 2, 0x68, 0x69]);

/** @type {Record<string, (socket: Socket, frames: Buffer[]) => void>} */
export const deliveries = {
  /** In pieces of 1 to 13 bytes: frames and headers broken at every place. */
  'in small pieces'(socket, frames) {
    const bytes = Buffer.concat(frames);
    for (let at = 0, size = 1; at < bytes.length; at += size, size = (size % 13) + 1)
      socket.write(bytes.subarray(at, at + size));
  },
  'pings in between'(socket, frames) {
    for (const frame of frames) socket.write(Buffer.concat([ping, frame, ping]));
  },
  /** In order, and each later than it need be: the latency must show it. */
  [`late by ${lateByMs} ms`](socket, frames) {
    setTimeout(() => socket.write(Buffer.concat(frames)), lateByMs + 1);
  },
  /** Eight messages in one frame of 16 bits' length, in an envelope of its own. */
  'many in one frame': (socket, frames) => gather(socket, frames, 8),
  /** A thousand in one frame of 64 bits' length. */
  'a thousand in one frame': (socket, frames) => gather(socket, frames, 1000),
};

/**
 * @param {Socket} socket
 * @param {Buffer[]} frames  short text frames
 * @param {number} count
 */
function gather(socket, frames, count) {
  const messages = kept.get(socket) ?? [];
  kept.set(socket, messages);
  messages.push(...frames.map((frame) => frame.subarray(2)));
  if (messages.length < count) return;
  socket.write(encodeText(Buffer.from(`{"offset":17,"messages":[${messages.splice(0).join(',')}]}`)));
}
