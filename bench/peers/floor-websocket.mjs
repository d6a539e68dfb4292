// As little of RFC 6455 as a peer of this generator needs.
import { createHash } from 'node:crypto';

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:stream').Duplex} socket
 */
export function acceptUpgrade(request, socket) {
  const key = request.headers['sec-websocket-key'];
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  /** @type {import('node:net').Socket} */ (socket).setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

/**
 * An unmasked text frame.
 * @param {Uint8Array} payload
 */
export function encodeText(payload) {
  const { length } = payload;
  const header = length < 126 ? 2 : length <= 0xffff ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = 0x81;
  frame[1] = header === 2 ? length : header === 4 ? 126 : 127;
  if (header === 4) frame.writeUInt16BE(length, 2);
  else if (header === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.set(payload, header);
  return frame;
}

/**
 * Calls `onPayload` with the unmasked payload of each masked frame of less than 64 KiB.
 * @param {import('node:stream').Duplex} socket
 * @param {(payload: Buffer) => void} onPayload
 */
export function onFrames(socket, onPayload) {
  /** @type {Buffer | undefined} */
  let rest;
  socket.on('data', (chunk) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (bytes.length - at >= 6) {
      const short = bytes[at + 1] & 127;
      const mask = at + (short < 126 ? 2 : 4);
      const length = short < 126 ? short : bytes.readUInt16BE(at + 2);
      const end = mask + 4 + length;
      if (end > bytes.length) break;
      const payload = bytes.subarray(mask + 4, end);
      for (let i = 0; i < length; i++) payload[i] ^= bytes[mask + (i & 3)];
      onPayload(payload);
      at = end;
    }
    rest = at === bytes.length ? undefined : bytes.subarray(at);
  });
}
