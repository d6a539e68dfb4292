import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';

/** A WebSocket client that costs the generator next to nothing: it counts bytes, and reads frames only if asked to. */
export class RawClient {
  bytes = 0;
  /** @type {((text: string) => void) | undefined} */
  onText;
  /** @type {Buffer} */
  #rest = Buffer.alloc(0);
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** @type {import('node:net').Socket} */
  socket;

  /** @param {number} port */
  constructor(port) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    // What ends in the middle of a benchmark shows in its figures.
    this.socket.on('error', () => {});
  }

  async open() {
    await once(this.socket, 'connect');
    const key = randomBytes(16).toString('base64');
    this.socket.write(
      `GET /longwave HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: longwave.v1.json\r\n\r\n`,
    );
    const [head] = await once(this.socket, 'data');
    const end = head.indexOf('\r\n\r\n') + 4;
    this.socket.on('data', (chunk) => this.#take(chunk));
    if (head.length > end) this.#take(head.subarray(end));
    return this;
  }

  /** @param {object[]} frames */
  send(...frames) {
    const text = Buffer.from(frames.map((frame) => JSON.stringify(frame)).join('\n'));
    const head = text.length < 126 ? Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]) : Buffer.alloc(8);
    if (text.length >= 126) {
      head[0] = 0x81;
      head[1] = 0x80 | 126;
      head.writeUInt16BE(text.length, 2);
    }
    // The mask is zero: the payload as it is.
    this.socket.write(Buffer.concat([head, text]));
  }

  /** @param {Buffer} chunk */
  #take(chunk) {
    this.bytes += chunk.length;
    if (!this.onText) return;
    let rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (;;) {
      if (rest.length < 2) break;
      const short = (rest[1] ?? 0) & 127;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (rest.length < head) break;
      const length = short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
      if (rest.length < head + length) break;
      this.onText(rest.toString('utf8', head, head + length));
      rest = rest.subarray(head + length);
    }
    this.#rest = rest;
  }

  /** Shows the server that it is there. */
  stay() {
    this.#timer = setInterval(() => this.send({ type: 'pong' }), 8000);
  }

  close() {
    clearInterval(this.#timer);
    this.socket.destroy();
  }
}
