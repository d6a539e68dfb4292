/**
 * As the host reports what is uncaught, where it has `reportError` for that, as a page has. Otherwise as a line of the console: in
 * Node an uncaught exception would end the process, and with it what has nothing to do with the handler that failed (CLI-4).
 */
export function reportUncaught(error: unknown): void {
  if (typeof globalThis.reportError === 'function') globalThis.reportError(error);
  else console.error('A handler failed:', error);
}
