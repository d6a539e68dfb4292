import { Buffer } from 'node:buffer';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** As much as Node reads at once. */
const sharedBytes = 64 * 1024;
/** Views of so many bytes and fewer are kept: most chunks are small messages. */
const mostKeptView = 512;

const shared = Buffer.allocUnsafeSlow(sharedBytes);
const views: Uint8Array[] = [];

/** The fields in which a socket keeps its option `onread`. */
interface Fields {
  readonly buffer: symbol;
  readonly callback: symbol;
}

interface Open extends Socket {
  readonly _handle?: { useUserBuffer?(buffer: Uint8Array): void } | null;
  [field: symbol]: unknown;
}

/** Undefined: this release of Node has none, or another runtime stands in for it. */
const fields = findFields(new Socket());

function findFields(socket: Socket): Fields | undefined {
  const find = (name: string) => Object.getOwnPropertySymbols(socket).find(({ description }) => description === name);
  const [buffer, callback] = [find('kBuffer'), find('kBufferCb')];
  return buffer && callback && { buffer, callback };
}

/**
 * Returns a function that has a socket read into memory that all share, from then on: in place of 'data', `onChunk` gets a view that is
 * good for the length of the call. For each read Node makes 64 KiB of memory and some objects otherwise, which is half of what a small
 * message costs to read. This is the option `onread` of `net.Socket`, which there is only for sockets that one makes oneself: on one that
 * was accepted the same fields are set. It returns false where that cannot be done, and 'data' goes on.
 */
export function createSharedReads(onChunk: (socket: Duplex, chunk: Uint8Array) => void): (socket: Duplex) => boolean {
  // One for all sockets.
  function onRead(this: Socket, length: number): boolean {
    const chunk = length <= mostKeptView ? (views[length] ??= shared.subarray(0, length)) : shared.subarray(0, length);
    // While it is paused it reads into its own buffer up to its mark, as any other, and says so by 'data' later.
    if (this.readableFlowing !== true || this.readableLength > 0) return this.push(Buffer.from(chunk));
    onChunk(this, chunk);
    return true;
  }
  return (socket) => {
    // Bytes that wait in the stream come by 'data', and what is read next must not overtake them.
    if (!isPlain(socket) || socket.readableLength > 0 || socket.readableFlowing !== true) return false;
    const { _handle: handle } = socket;
    if (!fields || typeof handle?.useUserBuffer !== 'function') return false;
    socket[fields.buffer] = shared;
    socket[fields.callback] = onRead;
    // That of a socket with the option stops at once, and never hears that the peer has ended.
    (socket as Socket).pause = Duplex.prototype.pause as Socket['pause'];
    handle.useUserBuffer(shared);
    return true;
  };
}

/** Nothing stands between it and the kernel. */
function isPlain(socket: Duplex): socket is Open {
  return Object.getPrototypeOf(socket) === Socket.prototype;
}
