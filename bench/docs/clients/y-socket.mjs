import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import { empty } from './client.mjs';

/** The kinds of messages that matter here, and of sync messages. */
export const kinds = { sync: 0, awareness: 1, auth: 2, syncReply: 4, syncStatus: 8 };
export const syncKinds = { vector: 0, answer: 1, update: 2 };

/**
 * A client of y-protocols on a socket of its own. `prefix` stands in front of each message, `hello` are the messages it begins with.
 * @param {import('./client.mjs').Opening & { readonly path: string, readonly prefix: Uint8Array, readonly hello: readonly Uint8Array[], readonly acknowledges: boolean }} opening
 * @returns {import('./client.mjs').DocumentClient}
 */
export function openYSocket({ port, path, prefix, hello, acknowledges, onUpdate, known = empty }) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { perMessageDeflate: false });
  let unacknowledged = 0;
  /** @type {() => void} */
  let resolve = () => {};
  /** @type {(error: unknown) => void} */
  let reject = () => {};
  /** @type {Promise<void>} */
  const opened = new Promise((...functions) => ([resolve, reject] = functions));
  /** @param {number} syncKind @param {Uint8Array} bytes */
  const sendSync = (syncKind, bytes) => {
    const head = new Uint8Array(prefix.length + 2);
    head.set(prefix);
    head[prefix.length] = kinds.sync;
    head[prefix.length + 1] = syncKind;
    socket.send(
      encoding.encode((encoder) => {
        encoding.writeUint8Array(encoder, head);
        encoding.writeVarUint8Array(encoder, bytes);
      }),
    );
    if (acknowledges && syncKind !== syncKinds.vector) unacknowledged++;
  };
  socket.on('open', () => {
    for (const message of hello) socket.send(message);
    sendSync(syncKinds.vector, known.vector);
  });
  socket.on('message', (/** @type {Buffer} */ message) => {
    const decoder = decoding.createDecoder(message);
    decoder.pos = prefix.length;
    const kind = decoding.readVarUint(decoder);
    if (kind === kinds.syncStatus) {
      if (decoding.readVarUint(decoder) !== 1) reject(new Error('An update was refused.'));
      unacknowledged--;
    } else if (kind === kinds.sync || kind === kinds.syncReply) {
      const syncKind = decoding.readVarUint(decoder);
      if (syncKind === syncKinds.vector) return sendSync(syncKinds.answer, known.answer);
      onUpdate?.(decoding.readVarUint8Array(decoder));
      if (syncKind === syncKinds.answer) resolve();
    } else if (kind === kinds.auth && decoding.readVarUint(decoder) === 1) reject(new Error('It was not let in.'));
  });
  socket.on('error', reject);
  socket.on('close', (code, reason) => reject(new Error(`It was closed: ${code} ${reason}`)));
  return {
    opened,
    send: (update) => sendSync(syncKinds.update, update),
    unacknowledged: () => unacknowledged,
    position: () => undefined,
    close: () =>
      new Promise((closed) => {
        socket.once('close', closed);
        socket.close();
      }),
  };
}
