// The processor time that each turn of this thread's event loop takes: what others of the machine took meanwhile is not in it.
import { WASI } from 'node:wasi';

// The one clock of Node that counts this in less than hundredths of a second is behind WASI: a module with a memory, and nothing else.
const wasi = new WASI({ version: 'preview1' });
const { Instance, Module } = /** @type {any} */ (globalThis).WebAssembly;
const instance = new Instance(
  new Module(
    Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 1, 7, 10, 1, 6, 109, 101, 109, 111, 114, 121, 2, 0]),
  ),
);
wasi.initialize(instance);
const memory = new DataView(instance.exports['memory'].buffer);
const threadCpuClock = 3;

/** Milliseconds that this thread has had. */
function threadCpuMs() {
  const failed = /** @type {any} */ (wasi.wasiImport)['clock_time_get'](threadCpuClock, 1n, 0);
  if (failed !== 0) throw new Error(`The clock of the thread answered with ${failed}.`);
  return Number(memory.getBigUint64(0, true)) / 1e6;
}

/** Begins to watch. The function that is returned ends it, and tells the most that a turn took: milliseconds. */
export function watchTurns() {
  let most = 0;
  let isOver = false;
  let last = threadCpuMs();
  // The loop never waits: it goes from one turn to the next.
  const look = () => {
    const now = threadCpuMs();
    most = Math.max(most, now - last);
    last = now;
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  return () => {
    isOver = true;
    return most;
  };
}
