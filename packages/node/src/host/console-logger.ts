import type { Logger } from '@longwave/core';

/**
 * Writes to the console, with the method that is named like the level.
 * @example
 * ```ts
 * const server = createServer({ channels, logger: { ...consoleLogger, info: () => undefined } });
 * ```
 */
export const consoleLogger: Logger = {
  error: (message, cause) => console.error(`longwave: ${message}`, cause ?? ''),
  warn: (message, cause) => console.warn(`longwave: ${message}`, cause ?? ''),
  info: (message) => console.info(`longwave: ${message}`),
  debug: (message) => console.debug(`longwave: ${message}`),
};
