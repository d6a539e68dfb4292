// A WebSocket by hand: for attackers that send what no client sends, and for clients that must cost nothing.
import { once } from 'node:events';
import net from 'node:net';

const handshake = [
  'GET /longwave HTTP/1.1',
  'Host: 127.0.0.1',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Protocol: longwave.v1.json',
];
export const upgrade = `${handshake.join('\r\n')}\r\n\r\n`;

/** A masked text message of at most 65,535 bytes; an all-zero mask is legal. */
export function encode(text) {
  const body = Buffer.from(text);
  const head =
    body.length < 126
      ? Buffer.of(0x81, 0x80 | body.length)
      : Buffer.of(0x81, 0xfe, body.length >> 8, body.length & 255);
  return Buffer.concat([head, Buffer.alloc(4), body]);
}

export async function openRaw(port) {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(upgrade);
  let rest = Buffer.alloc(0);
  let open = false;
  const raw = {
    socket,
    onFrame: undefined,
    send: (...frames) => socket.write(encode(frames.map((frame) => JSON.stringify(frame)).join('\n'))),
  };
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    if (!open) {
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      open = true;
      rest = rest.subarray(end + 4);
      socket.emit('opened');
    }
    while (rest.length >= 2) {
      const short = rest[1] & 127;
      const start = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (rest.length < start) return;
      const length = short === 126 ? rest.readUInt16BE(2) : short === 127 ? Number(rest.readBigUInt64BE(2)) : short;
      if (rest.length < start + length) return;
      const text = rest.subarray(start, start + length).toString();
      rest = rest.subarray(start + length);
      if (raw.onFrame && text.startsWith('{')) for (const line of text.split('\n')) raw.onFrame(JSON.parse(line));
    }
  });
  await once(socket, 'opened');
  return raw;
}
