import type { Logger } from '@longwave/core';

/** Errors on standard error, the rest nowhere. */
export const consoleLogger: Logger = {
  error(message, cause) {
    console.error(`longwave: ${message}`, cause ?? '');
  },
  info: () => undefined,
};
