/** As an uncaught exception of its own: it reaches the host's handlers and disturbs nobody here. */
export function reportUncaught(error: unknown): void {
  if (typeof globalThis.reportError === 'function') globalThis.reportError(error);
  else {
    setTimeout(() => {
      throw error;
    });
  }
}
