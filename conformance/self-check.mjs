// The strictness of the echo server, checked over a real socket by a peer of raw bytes; needs nothing but Node.
// Autobahn asks the same and much more: `autobahn.mjs`.

import process from 'node:process';
import { startEchoServer } from './echo-server.mjs';
import { frame, talk } from './raw-peer.mjs';

const hex = (text) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const close = (code, reason = '') =>
  frame(8, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]));
const DEFLATE = ['Sec-WebSocket-Extensions: permessage-deflate'];

/** @type {[string, Uint8Array[], string | number, string[]?][]} What is sent; the hex that comes back, or a close code. */
const cases = [
  ['1 text', [frame(1, 'Hello'), close(1000)], '810548656c6c6f880203e8'],
  ['1 binary of 126 bytes', [frame(2, Buffer.alloc(126)), close(1000)], `827e007e${'00'.repeat(126)}880203e8`],
  ['1 a length that is not minimal', [frame(2, '', { length: [126, 0, 0] })], 1002],
  ['1 a length with its first bit set', [frame(2, '', { length: [127, 128, 0, 0, 0, 0, 0, 0, 1] })], 1002],
  ['2 a ping', [frame(9, 'x'), close(1000)], '8a0178880203e8'],
  ['2 a ping of 126 bytes', [frame(9, Buffer.alloc(126))], 1002],
  ['2 a pong unasked', [frame(10, 'x'), close(1000)], '880203e8'],
  ...[1, 2, 3, 4, 5, 6, 7].map((rsv) => [`3 reserved bits ${rsv}`, [frame(1, 'x', { rsv })], 1002]),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => [`4 opcode ${opcode}`, [frame(opcode)], 1002]),
  ['5 fragments', [frame(1, 'a', { fin: false }), frame(9), frame(0, 'b'), close(1000)], '8a0081026162880203e8'],
  ['5 a fragmented ping', [frame(9, '', { fin: false })], 1002],
  ['5 a continuation of nothing', [frame(0, 'x')], 1002],
  ['5 a message inside a message', [frame(1, 'a', { fin: false }), frame(1, 'b')], 1002],
  ['5 a frame without mask', [frame(1, 'x', { masked: false })], 1002],
  ['6 a surrogate', [frame(1, hex('eda080'))], 1007],
  ['6 a character cut off', [frame(1, hex('c3'))], 1007],
  ['6 a bad byte in a frame that is not whole', [frame(1, hex('cef4908080')).subarray(0, 9)], 1007],
  [
    '6 a character over two fragments',
    [frame(1, hex('c3'), { fin: false }), frame(0, hex('b6')), close(1000)],
    '8102c3b6880203e8',
  ],
  ['7 close without a code', [frame(8)], '8800'],
  ['7 close, then a message', [close(4999), frame(1, 'x')], '88021387'],
  ['7 close of one byte', [frame(8, 'x')], 1002],
  ['7 a reason that is not UTF-8', [close(1000, hex('ff'))], 1007],
  ...[0, 999, 1004, 1005, 1006, 1015, 2999, 5000].map((code) => [`7 code ${code}`, [close(code)], 1002]),
  ['9 a message that is too big', [frame(2, '', { length: [127, 0, 0, 0, 0, 1, 0, 0, 1] })], 1009],
  ['12 compressed', [frame(1, hex('f248cdc9c90700'), { rsv: 4 }), close(1000)], '810548656c6c6f880203e8', DEFLATE],
  ['12 compressed, malformed', [frame(1, hex('ffff'), { rsv: 4 })], 1007, DEFLATE],
  ['12 a compressed ping', [frame(9, '', { rsv: 4 })], 1002, DEFLATE],
];

const server = await startEchoServer({ port: 0, deflate: true });
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
let failed = 0;
for (const [name, chunks, expected, fields] of cases) {
  const got = await talk(port, chunks, fields).catch((/** @type {unknown} */ error) => String(error));
  const isRight = typeof expected === 'string' ? got === expected : isCloseOnly(got, expected);
  if (isRight) continue;
  failed++;
  console.log(`${name}: expected ${expected}, got ${got}`);
}

function isCloseOnly(got, code) {
  const length = Number.parseInt(got.slice(2, 4), 16);
  return got.startsWith('88') && Number.parseInt(got.slice(4, 8), 16) === code && got.length === 4 + 2 * length;
}

server.close();
server.closeAllConnections();
console.log(`conformance: ${cases.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
