// A server is told what to do over IPC: an order by name, with an answer each.
import { subscribe } from 'node:diagnostics_channel';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { watchTurns } from './turns.mjs';

/** @typedef {Record<string, (argument: any) => unknown>} Orders */

/** A document as it is to be stored; bytes are base64. `state` is what `parts` and then `tail` say together. */
/** @typedef {{ name: string, state: string, parts: readonly string[], tail: readonly string[] }} StoredDocument */

/** @param {string} text */
export const toBytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));

/** Every socket that the server has accepted, whatever library did it. @type {Set<import('node:net').Socket>} */
const sockets = new Set();
let bytesOfClosed = 0;
subscribe('net.server.socket', (message) => {
  const { socket } = /** @type {{ socket: import('node:net').Socket }} */ (message);
  sockets.add(socket);
  socket.once('close', () => {
    sockets.delete(socket);
    bytesOfClosed += socket.bytesWritten;
  });
});

const resolutionMs = 1;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });

/** Ends the watch of turns. @type {() => number} */
let endTurns = () => NaN;

/** @type {Orders} */
const common = {
  bytesSent: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, bytesOfClosed),
  collect: () => {
    for (let i = 0; i < 3; i++) /** @type {any} */ (globalThis).gc?.();
  },
  watchLoop: () => {
    delay.reset();
    delay.enable();
  },
  /** The longest that the loop stood still, in ms: the monitor's own timer is due every `resolutionMs`. */
  longestStop: () => {
    delay.disable();
    return Math.max(0, delay.max / 1e6 - resolutionMs);
  },
  watchTurns: () => {
    endTurns = watchTurns();
  },
  /** The most processor time that one turn of the loop took, in ms. */
  longestTurn: () => endTurns(),
};

/** @param {number} port @param {Orders} orders */
export function serve(port, orders) {
  /** @type {Orders} */
  const all = { ...common, ...orders };
  process.on('message', (/** @type {{ id: number, order: string, argument: unknown }} */ { id, order, argument }) => {
    void Promise.resolve()
      .then(() => all[order]?.(argument))
      .then(
        (result) => process.send?.({ id, result }),
        (/** @type {unknown} */ error) =>
          process.send?.({ id, error: error instanceof Error ? error.stack : String(error) }),
      );
  });
  // Whoever started it is gone.
  process.on('disconnect', () => process.exit());
  process.send?.({ port });
}
