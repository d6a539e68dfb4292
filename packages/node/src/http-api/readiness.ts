import type { Engine, Logger } from '@longwave/core';
import { LongwaveError } from '@longwave/protocol';

export type Readiness =
  | { readonly status: 'ready'; readonly deliveryMs: number }
  | { readonly status: 'draining' }
  | { readonly status: 'failing'; readonly code: 'timeout' | 'unavailable' };

export interface ReadinessOptions {
  readonly logger: Logger;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  readonly timeoutMs: number;
  readonly cacheMs: number;
}

/** Whether messages come through, found out at most once in `cacheMs` however often it is asked. */
export function createReadiness(engine: Engine, options: ReadinessOptions): () => Promise<Readiness> {
  const { logger, now, timeoutMs, cacheMs } = options;
  let last: { readonly result: Promise<Readiness>; validUntil: number } | undefined;

  const probe = async (): Promise<Readiness> => {
    try {
      return { status: 'ready', deliveryMs: await engine.probe(timeoutMs) };
    } catch (error) {
      if (!engine.accepting) return { status: 'draining' };
      logger.error('The readiness probe failed.', error);
      const isLate = error instanceof LongwaveError && error.code === 'timeout';
      return { status: 'failing', code: isLate ? 'timeout' : 'unavailable' };
    }
  };

  return () => {
    // Not from the cache: a draining node must leave the load balancer at once.
    if (!engine.accepting) return Promise.resolve({ status: 'draining' });
    if (last && now() < last.validUntil) return last.result;
    // While the probe runs its result is everybody's; its age counts from when it is known.
    const current = { result: probe(), validUntil: Infinity };
    last = current;
    void current.result.then(() => (current.validUntil = now() + cacheMs));
    return current.result;
  };
}
