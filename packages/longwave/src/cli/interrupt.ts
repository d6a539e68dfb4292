import process from 'node:process';
import { exitCodes } from './exit-codes.js';

/**
 * Aborts at the first SIGINT or SIGTERM; the second ends the process at once, after `last` has done what it has to. `dispose` lets go of
 * the signals.
 */
export function watchInterrupts(last: () => void = () => undefined): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      last();
      process.exit(exitCodes.interrupted);
    }
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    dispose: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}

/** Resolves when `signal` aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
