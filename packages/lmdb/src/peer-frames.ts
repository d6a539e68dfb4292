import { Buffer } from 'node:buffer';
import { maxRelayBytes } from '@longwave/core';

/** There is something new in the journal. */
export const nudge = Buffer.from('.');
/** Begins a message that is relayed: the lengths of topic and data follow, in 2 and 4 bytes, then both. */
const relayed = 0x52;
const headBytes = 7;

export function encodeRelayed(topic: string, data: Uint8Array): Buffer {
  const name = Buffer.from(topic);
  const frame = Buffer.allocUnsafe(headBytes + name.length + data.length);
  frame[0] = relayed;
  frame.writeUInt16BE(name.length, 1);
  frame.writeUInt32BE(data.length, 3);
  name.copy(frame, headBytes);
  frame.set(data, headBytes + name.length);
  return frame;
}

/** Reads what a peer sends, in chunks of any size. */
export class PeerReader {
  readonly #onRelayed: (topic: string, data: Uint8Array) => void;
  readonly #rest: Buffer[] = [];
  #restBytes = 0;
  /** Bytes that are needed to read on. */
  #needed = 1;
  #nudged = false;

  constructor(onRelayed: (topic: string, data: Uint8Array) => void) {
    this.#onRelayed = onRelayed;
  }

  /** Whether there was a nudge since it was last asked. */
  takeNudge(): boolean {
    const nudged = this.#nudged;
    this.#nudged = false;
    return nudged;
  }

  /** False: no peer sends this. */
  read(chunk: Buffer): boolean {
    this.#rest.push(chunk);
    this.#restBytes += chunk.length;
    if (this.#restBytes < this.#needed) return true;
    const bytes = this.#rest.length === 1 ? chunk : Buffer.concat(this.#rest);
    let at = 0;
    this.#needed = 1;
    while (at < bytes.length) {
      if (bytes[at] === nudge[0]) {
        this.#nudged = true;
        at++;
        continue;
      }
      if (bytes[at] !== relayed) return false;
      if (bytes.length - at < headBytes) {
        this.#needed = headBytes;
        break;
      }
      const nameBytes = bytes.readUInt16BE(at + 1);
      const dataBytes = bytes.readUInt32BE(at + 3);
      if (dataBytes > maxRelayBytes) return false;
      const end = at + headBytes + nameBytes + dataBytes;
      if (bytes.length < end) {
        this.#needed = end - at;
        break;
      }
      const data = at + headBytes + nameBytes;
      this.#onRelayed(bytes.toString('utf8', at + headBytes, data), bytes.subarray(data, end));
      at = end;
    }
    this.#rest.length = 0;
    this.#restBytes = bytes.length - at;
    if (this.#restBytes > 0) this.#rest.push(bytes.subarray(at));
    return true;
  }
}
