import type { View } from '@longwave/protocol';
import type { WatchOptions } from '../api/state-api.js';
import { argumentsOf, checkView, watchOptions } from '../base/check.js';

/** The arguments of a `watch`, checked: the view that is in its options, the options, and the handler. */
export function watchArguments<Handler>(
  first: WatchOptions | Handler,
  second: Handler | undefined,
): [View, WatchOptions, Handler | undefined] {
  const [options, handler] = argumentsOf<WatchOptions, Handler>(first, second, watchOptions);
  const { keys, rate, where, area, count } = options;
  // Fields without a value say nothing.
  const view = { keys, rate, where, area, count: count || undefined } as View;
  checkView(view);
  return [view, options, handler];
}
