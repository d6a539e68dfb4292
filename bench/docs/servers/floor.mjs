// What the writes alone cost: a server of y-websocket's messages on bare sockets, that keeps each document in memory as it came, stores
// no update, checks nothing and knows nobody's rights. Updates that come within `LONGWAVE_BENCH_FLOOR_MS`, by default 10, go to all
// sockets of a document in one write each, of one buffer for all.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import process from 'node:process';
import * as Y from 'yjs';
import { serve, toBytes } from './orders.mjs';

const gatherMs = Number(process.env['LONGWAVE_BENCH_FLOOR_MS'] ?? 10);
const [, , folder = ''] = process.argv;

/** @typedef {{ frames: Buffer[], sockets: Set<import('node:stream').Duplex>, pending: Buffer[], vector: Buffer }} Held */
/** @type {Map<string, Held>} */
const documents = new Map();

const fileOf = (/** @type {string} */ name) => `${folder}/${encodeURIComponent(name)}`;

/** @param {string} name @returns {Held} */
function documentOf(name) {
  const known = documents.get(name) ?? read(name);
  documents.set(name, known);
  return known;
}

/** @param {string} name @returns {Held} */
function read(name) {
  const empty = { frames: [], sockets: new Set(), pending: [], vector: Buffer.of(0) };
  if (!existsSync(fileOf(name))) return empty;
  const state = readFileSync(fileOf(name));
  return { ...empty, frames: [frameOf(2, state)], vector: Buffer.from(Y.encodeStateVectorFromUpdate(state)) };
}

/** A message in a frame. @param {number} type @param {Uint8Array} bytes */
function frameOf(type, bytes) {
  const lengths = [];
  let left = bytes.length;
  for (; left > 127; left = Math.floor(left / 128)) lengths.push((left & 127) | 128);
  const message = Buffer.concat([Buffer.of(0, type, ...lengths, left), bytes]);
  const { length } = message;
  if (length < 126) return Buffer.concat([Buffer.of(130, length), message]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = 130;
  head[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) head.writeUInt16BE(length, 2);
  else head.writeUInt32BE(length, 6);
  return Buffer.concat([head, message]);
}

const nothing = frameOf(1, Buffer.of(0, 0));

/** @param {Held} held @param {import('node:stream').Duplex} socket @param {Buffer} message */
function take(held, socket, message) {
  if (message[0] !== 0) return;
  let at = 2;
  while ((message[at++] ?? 0) > 127);
  const bytes = message.subarray(at);
  if (message[1] === 0) {
    const hasAll = held.vector.length > 1 && bytes.equals(held.vector);
    socket.write(Buffer.concat(hasAll ? [nothing] : [...held.frames, nothing]));
    held.sockets.add(socket);
    return;
  }
  // The answer to a first step says nothing that is new in any of the cells.
  if (message[1] === 1) return;
  const frame = frameOf(2, bytes);
  held.frames.push(frame);
  if (held.pending.push(frame) > 1) return;
  setTimeout(() => {
    const chunk = Buffer.concat(held.pending);
    held.pending = [];
    for (const each of held.sockets) each.write(chunk);
  }, gatherMs);
}

const server = createServer();
server.on('upgrade', (request, socket) => {
  const held = documentOf((request.url ?? '').slice(1));
  const accept = createHash('sha1').update(
    `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
  );
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n`,
  );
  socket.write(frameOf(0, held.vector));
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (;;) {
      const short = (rest[1] ?? 0) & 127;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (rest.length < head) return;
      const length = short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : rest.readUInt32BE(6);
      if (rest.length < head + 4 + length) return;
      const mask = rest.subarray(head, head + 4);
      const message = rest.subarray(head + 4, head + 4 + length);
      for (let i = 0; i < length; i++) message[i] = (message[i] ?? 0) ^ (mask[i & 3] ?? 0);
      const isClose = ((rest[0] ?? 0) & 15) === 8;
      rest = rest.subarray(head + 4 + length);
      if (isClose) return void socket.end(Buffer.of(136, 0));
      take(held, socket, message);
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => held.sockets.delete(socket));
});

server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  serve(port, {
    /** @param {import('./orders.mjs').StoredDocument} document */
    store: ({ name, state }) => writeFileSync(fileOf(name), toBytes(state)),
    close: () => {},
  });
});
