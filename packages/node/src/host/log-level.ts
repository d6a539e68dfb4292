import { type Logger, warn } from '@longwave/core';

/** From the most that is told to the least. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

/** Least urgency that is logged, from `debug` to `error`. */
export type LogLevel = (typeof logLevels)[number];

const ignore = (): void => undefined;

/** The logger without what lies below `level`. Nothing is put together for a `debug` that nobody reads. */
export function atLevel(logger: Logger, level: LogLevel): Logger {
  const tells = (name: LogLevel): boolean => logLevels.indexOf(name) >= logLevels.indexOf(level);
  return {
    error: (message, cause) => logger.error(message, cause),
    warn: tells('warn') ? (message, cause) => warn(logger, message, cause) : ignore,
    info: tells('info') ? (message) => logger.info(message) : ignore,
    ...(tells('debug') && {
      debug: (message: string) => (logger.debug ? logger.debug(message) : logger.info(message)),
    }),
  };
}
