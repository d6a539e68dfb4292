/** Kept here, so that fake timers of a test framework leave it alone. */
const immediate = globalThis.setImmediate as typeof setImmediate | undefined;

/** Resolves when every promise that could go on has gone on. No timer, and no time passes in the world. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (immediate) immediate(resolve);
    else viaChannel(resolve);
  });
}

/** Where there is no `setImmediate`, as in a page. */
function viaChannel(callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => {
    port1.close();
    callback();
  });
  port1.start();
  port2.postMessage(0);
}
