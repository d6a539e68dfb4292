import type { View } from '@longwave/protocol';
import { argumentsOf, checkView, watchOptions } from '../base/check.js';
import type { Listener, LocalWatch } from './local-watch.js';
import type { MapHandler, ValueHandler, ValueWatch, WatchOptions } from '../api/state-api.js';

/** Begins to watch a view of a channel. Throws `closed` and `wrong-mode`. */
export type OpenWatch = (
  channel: string,
  view: View,
  options: WatchOptions,
  listener: Listener | undefined,
) => LocalWatch;

export function openMapWatch(
  open: OpenWatch,
  channel: string,
  first: WatchOptions | MapHandler<unknown>,
  second: MapHandler<unknown> | undefined,
): LocalWatch {
  const [options, handler] = argumentsOf<WatchOptions, MapHandler<unknown>>(first, second, watchOptions);
  return open(channel, viewOf(options), options, handler);
}

/** A watch of which only the entry `''` matters. */
export function openValueWatch(
  open: OpenWatch,
  channel: string,
  first: WatchOptions | ValueHandler<unknown>,
  second: ValueHandler<unknown> | undefined,
): ValueWatch<unknown> {
  const [options, handler] = argumentsOf<WatchOptions, ValueHandler<unknown>>(first, second, watchOptions);
  const watch = open(channel, viewOf(options), options, () => {
    const entry = watch.entry('');
    return handler?.(entry?.value, entry);
  });
  return {
    get state() {
      return watch.state;
    },
    get position() {
      return watch.position;
    },
    ready: watch.ready,
    getSnapshot: () => watch.entry('')?.value,
    subscribe: watch.subscribe,
    unsubscribe: () => watch.unsubscribe(),
  };
}

/** The options that make the view. */
function viewOf({ keys, rate, where, area, count }: WatchOptions): View {
  const view: View = {
    ...(keys && { keys }),
    ...(rate !== undefined && { rate }),
    ...(where && { where }),
    ...(area && { area }),
    ...(count && { count }),
  };
  checkView(view);
  return view;
}
