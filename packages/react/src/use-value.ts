import type { Entry, ValueHandler, ValueWatch, WatchOptions } from '@longwave/client';
import { useMemo } from 'react';
import { type Standing, lazyStore } from './lazy-store.js';
import { useLazyStore } from './use-lazy-store.js';

export interface UseValueOptions {
  /** At most so many updates a second. Another rate begins another subscription. Default: every one. */
  readonly rate?: number;
}

/** A channel of mode `value`. */
export interface ValueSource<Value> {
  watchValue(options?: Pick<WatchOptions, 'rate' | 'onEnd'>, handler?: ValueHandler<Value>): ValueWatch<Value>;
}

interface Shown<Value> {
  /** Undefined: there is none, or, while `pending`, it is not known yet. */
  readonly value: Value | undefined;
  /** The value with its version, to be given to `expect`, its time and its user. */
  readonly entry: Entry<Value> | undefined;
}

export type CurrentValue<Value> = Standing & Shown<Value>;

/** The value of a channel, while the component is mounted. */
export function useValue<Value>(source: ValueSource<Value>, { rate }: UseValueOptions = {}): CurrentValue<Value> {
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
