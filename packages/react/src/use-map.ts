import type { Entry, MapHandler, MapWatch, WatchOptions } from '@longwave/client';
import type { ViewOf } from '@longwave/protocol';
import { useEffect, useMemo } from 'react';
import { type LazyStore, type UseSubscriptionResult, lazyStore } from './base/lazy-store.js';
import { useLazyStore } from './base/use-lazy-store.js';
import { useSame } from './base/use-same.js';

/** A channel of mode `map`, or the members of a channel. */
export interface MapSource<Value> {
  watch(options?: WatchOptions<Value>, handler?: MapHandler<Value>): MapWatch<Value>;
}

/** A view of a map, without `count`: that of entries comes from `watch` of the channel. */
export type UseMapOptions<Value = unknown> = Omit<ViewOf<Value>, 'count'>;

interface Shown<Value> {
  /** Values by key. It is the same map until an entry changes; a value that did not change is the same object. */
  readonly entries: ReadonlyMap<string, Value>;
  /** Returns an entry with its version, time and user. To be called while rendering. */
  readonly entry: (key: string) => Entry<Value> | undefined;
}

/** Result of {@link useMap}. */
export type UseMapResult<Value> = UseSubscriptionResult & Shown<Value>;

interface MapStore<Value> extends LazyStore<Shown<Value>> {
  readonly setView: (view: UseMapOptions<Value>) => void;
}

const whole = {};

/**
 * Watches a map, or a view of it, while the component is mounted. Another `view` continues the same subscription
 * (VIEW-6): entries of both views stay, and the others are shown until the new entries are there.
 * @example
 * ```tsx
 * const { entries } = useMap(useChannel('board/main'), { where: { title: 'Ship it' } });
 * ```
 */
export function useMap<Value>(
  source: MapSource<Value>,
  view: UseMapOptions<NoInfer<Value>> = whole,
): UseMapResult<Value> {
  const asked = useSame(view);
  const store = useMemo(() => mapStore(source), [source]);
  // Stands before the subscription's own effect, which begins with the view that is set here.
  useEffect(() => store.setView(asked), [store, asked]);
  return useLazyStore(store);
}

function mapStore<Value>(source: MapSource<Value>): MapStore<Value> {
  let view: UseMapOptions<Value> = whole;
  let watch: MapWatch<Value> | undefined;
  const empty: Shown<Value> = { entries: new Map(), entry: () => undefined };
  const store = lazyStore(empty, ({ show, end }) => {
    const opened = (watch = source.watch({ ...view, onEnd: end }));
    const entry = (key: string): Entry<Value> | undefined => opened.entry(key);
    const stop = opened.subscribe(() => show({ entries: opened.getSnapshot(), entry }));
    return () => {
      stop();
      opened.unsubscribe();
      watch = undefined;
    };
  });
  return {
    ...store,
    setView: (next) => {
      view = next;
      watch?.setView(next);
    },
  };
}
