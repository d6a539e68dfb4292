import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** A WebSocket that can stop reading. Its frames are JSON. */
export class RawClient {
  frames = [];
  /** @type {number | undefined} */
  closeCode = undefined;
  head = '';
  #bytes = Buffer.alloc(0);
  #news = () => undefined;

  /** @param {{ port: number, ca?: Buffer }} options */
  constructor({ port, ca }) {
    const to = { port, host: '127.0.0.1' };
    this.socket = ca ? connectTls({ ...to, ca, servername: 'localhost' }) : connect(to);
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk) => this.#take(chunk));
    this.socket.on('close', () => this.#news());
    this.socket.write(
      'GET /longwave HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: longwave.v1.json\r\n\r\n',
    );
  }

  send(...frames) {
    const payload = Buffer.from(frames.map((frame) => JSON.stringify(frame)).join('\n'));
    const { length } = payload;
    const size = length < 126 ? [length | 0x80] : [126 | 0x80, length >> 8, length & 255];
    this.socket.write(Buffer.concat([Buffer.from([0x81, ...size, 0, 0, 0, 0]), payload]));
  }

  /** Resolves when `enough`. Rejects when the connection ends before. */
  async until(enough) {
    while (!enough(this)) {
      if (this.socket.closed)
        throw new Error(`The connection ended: ${this.head.split('\r\n')[0]}, ${this.closeCode}.`);
      await new Promise((resolve) => (this.#news = resolve));
    }
  }

  #take(chunk) {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    if (this.head === '') {
      const end = this.#bytes.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.head = this.#bytes.toString('latin1', 0, end);
      this.#bytes = this.#bytes.subarray(end + 4);
    }
    while (this.#takeFrame());
    this.#news();
  }

  #takeFrame() {
    const bytes = this.#bytes;
    const short = bytes.length < 2 ? 0 : bytes[1] & 0x7f;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (bytes.length < start) return false;
    const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
    if (bytes.length < start + length) return false;
    const payload = bytes.subarray(start, start + length);
    if ((bytes[0] & 15) === 8) this.closeCode = length > 1 ? payload.readUInt16BE(0) : 1005;
    else if ((bytes[0] & 15) === 1) {
      for (const line of payload.toString().split('\n')) this.frames.push(JSON.parse(line));
    } else throw new Error(`A frame that begins with ${bytes[0]}.`);
    this.#bytes = bytes.subarray(start + length);
    return true;
  }
}
