// A peer that writes raw frames, and may break every rule: it shares no code with the package under test.

import { connect } from 'node:net';

const REQUEST = [
  'GET / HTTP/1.1',
  'Host: localhost',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

/**
 * A masked frame, unless `raw` says otherwise.
 * @param {number} opcode
 * @param {Uint8Array | string} payload
 * @param {{ fin?: boolean, rsv?: number, masked?: boolean, length?: number[] }} raw
 */
export function frame(opcode, payload = '', raw = {}) {
  const body = Buffer.from(payload);
  const size = body.length;
  const length = raw.length ?? (size < 126 ? [size] : [126, size >>> 8, size & 0xff]);
  const masked = raw.masked ?? true;
  const head = [(raw.fin === false ? 0 : 0x80) | ((raw.rsv ?? 0) << 4) | opcode, ...length];
  if (masked) head[1] |= 0x80;
  const key = masked ? [0x37, 0xfa, 0x21, 0x3d] : [];
  for (let index = 0; masked && index < size; index++) body[index] ^= key[index & 3];
  return Buffer.concat([Buffer.from([...head, ...key]), body]);
}

/**
 * Sends `chunks` after a handshake and gives back, as hex, the frames that came until the server ended the transport.
 * @param {number} port
 * @param {Uint8Array[]} chunks
 * @param {string[]} fields
 * @returns {Promise<string>}
 */
export function talk(port, chunks, fields = []) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const timer = setTimeout(() => socket.destroy(new Error('the server did not end the transport')), 3000);
    let got = Buffer.alloc(0);
    let sent = false;
    socket.setNoDelay(true);
    socket.write(`${[...REQUEST, ...fields].join('\r\n')}\r\n\r\n`);
    socket.on('error', reject);
    socket.on('close', () => clearTimeout(timer));
    socket.on('data', (data) => {
      got = Buffer.concat([got, data]);
      if (sent) return;
      sent = true;
      for (const chunk of chunks) socket.write(chunk);
    });
    socket.on('end', () => {
      socket.end();
      resolve(got.subarray(got.indexOf('\r\n\r\n') + 4).toString('hex'));
    });
  });
}
