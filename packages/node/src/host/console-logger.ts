import type { Logger } from '@longwave/core';
import { LongwaveError } from '@longwave/protocol';
import { seeErrorPage } from './error-place.js';

/**
 * Writes to the console, with the method that is named like the level. A failure with a code names the place in the documentation where
 * its cause and cure stand.
 * @example
 * ```ts
 * const server = createServer({ channels, logger: { ...consoleLogger, info: () => undefined } });
 * ```
 */
export const consoleLogger: Logger = {
  error: (message, cause) =>
    console.error(
      `longwave: ${message}${cause instanceof Error ? placeOf(cause) || internalPlace() : ''}`,
      cause ?? '',
    ),
  warn: (message, cause) => console.warn(`longwave: ${message}${placeOf(cause)}`, cause ?? ''),
  info: (message) => console.info(`longwave: ${message}`),
  debug: (message) => console.debug(`longwave: ${message}`),
};

/** The other side was told `internal` of such an error, and no more. */
const internalPlace = (): string => ` ${seeErrorPage('internal')}`;

function placeOf(cause: unknown): string {
  return cause instanceof LongwaveError ? ` ${seeErrorPage(cause.code)}` : '';
}
