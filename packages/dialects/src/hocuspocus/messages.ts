import { ByteWriter } from '../updates/byte-writer.js';
import { type Frame, encodeBinaryFrame } from '../wire/frame.js';

/** Message types that only Hocuspocus has. */
export const hocuspocusType = {
  /** As `sync`, of one who wants no first step back. */
  syncReply: 4,
  stateless: 5,
  broadcastStateless: 6,
  close: 7,
  syncStatus: 8,
  /** These two are a byte alone, without the name of a document. */
  ping: 9,
  pong: 10,
} as const;

export const authType = { token: 0, denied: 1, granted: 2 } as const;
const auth = 2;

export const pingFrame: Frame = encodeBinaryFrame(Uint8Array.of(hocuspocusType.ping));
export const pongFrame: Frame = encodeBinaryFrame(Uint8Array.of(hocuspocusType.pong));

/** Messages under the name by which a client calls a document. */
export class Messages {
  /** The bytes in front of each message. */
  readonly prefix: Uint8Array;
  /** By its value: each change of a client is answered with one. */
  readonly #status = new Map<boolean, Frame>();

  constructor(key: string) {
    this.prefix = new ByteWriter().text(key).finish();
  }

  granted(scope: 'readonly' | 'read-write'): Frame {
    return this.#frame((writer) => writer.uint(auth).uint(authType.granted).text(scope));
  }

  denied(reason: string): Frame {
    return this.#frame((writer) => writer.uint(auth).uint(authType.denied).text(reason));
  }

  /** Asks for a fresh token. */
  askToken(): Frame {
    return this.#frame((writer) => writer.uint(auth).uint(authType.token));
  }

  status(isApplied: boolean): Frame {
    const known = this.#status.get(isApplied);
    if (known) return known;
    const frame = this.#frame((writer) => writer.uint(hocuspocusType.syncStatus).uint(isApplied ? 1 : 0));
    this.#status.set(isApplied, frame);
    return frame;
  }

  stateless(payload: string): Frame {
    return this.#frame((writer) => writer.uint(hocuspocusType.stateless).text(payload));
  }

  #frame(write: (writer: ByteWriter) => ByteWriter): Frame {
    return encodeBinaryFrame(write(new ByteWriter().raw(this.prefix)).finish());
  }
}
