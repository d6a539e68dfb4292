import type { Entry, ValueHandler, ValueWatch, WatchOptions } from '@longwave/client';
import { useMemo } from 'react';
import { type UseSubscriptionResult, lazyStore } from './base/lazy-store.js';
import { useLazyStore } from './base/use-lazy-store.js';

/** Options of `useValue`. */
export interface UseValueOptions {
  /** Most updates a second. Another rate begins another subscription. Default: every update. */
  readonly rate?: number;
}

/** A channel of mode `value`. */
export interface ValueSource<Value> {
  watchValue(options?: Pick<WatchOptions, 'rate' | 'onEnd'>, handler?: ValueHandler<Value>): ValueWatch<Value>;
}

interface Shown<Value> {
  /** The value; undefined when there is none and, while `pending`, when it is not known yet. */
  readonly value: Value | undefined;
  /** The value with its version, to be given to `expect`, its time and its user. */
  readonly entry: Entry<Value> | undefined;
}

/** Result of {@link useValue}. */
export type UseValueResult<Value> = UseSubscriptionResult & Shown<Value>;

/**
 * Watches a `value` channel while the component is mounted.
 * @example
 * ```tsx
 * const { value: banner } = useValue(useChannel('banner'));
 * ```
 */
export function useValue<Value>(source: ValueSource<Value>, { rate }: UseValueOptions = {}): UseValueResult<Value> {
  const store = useMemo(
    () =>
      lazyStore<Shown<Value>>({ value: undefined, entry: undefined }, ({ show, end }) => {
        const watch = source.watchValue({ ...(rate !== undefined && { rate }), onEnd: end }, (value, entry) =>
          show({ value, entry }),
        );
        return () => watch.unsubscribe();
      }),
    [source, rate],
  );
  return useLazyStore(store);
}
