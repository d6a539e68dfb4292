import { LongwaveError, readDuration } from '@longwave/protocol/client';
import type { RequestOptions } from '../api/api.js';
import type { Clock } from '../base/ports.js';

/** Limit for calls and history unless the application gives another. */
const defaultTimeoutMs = 30_000;

export function withTimeout<Options extends RequestOptions>(options: Options): Options {
  return { timeout: defaultTimeoutMs, ...options };
}

/**
 * Watches the time limit and the signal of one request, which waits for `what`: calls `onOver` once, unless stopped before by
 * what it returns. A signal that is aborted already is the caller's to look at.
 */
export function watchDeadline(
  clock: Clock,
  { timeout, signal }: RequestOptions,
  what: string,
  onOver: (error: unknown) => void,
): () => void {
  const finish = (error: unknown): void => {
    stop();
    onOver(error);
  };
  const onAbort = (): void => finish(signal?.reason);
  const ms = timeout && readDuration(timeout);
  const timer =
    ms === undefined
      ? undefined
      : clock.setTimer(() => finish(new LongwaveError('timeout', `${what}: nothing in ${ms} ms.`)), ms);
  signal?.addEventListener('abort', onAbort);
  const stop = (): void => {
    timer?.cancel();
    signal?.removeEventListener('abort', onAbort);
  };
  return stop;
}
