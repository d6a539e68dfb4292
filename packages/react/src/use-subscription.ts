import type { Handler, SubscribeOptions, Subscription } from '@longwave/client';
import { useEffect, useMemo } from 'react';
import { type UseSubscriptionResult, lazyStore } from './base/lazy-store.js';
import { useLazyStore } from './base/use-lazy-store.js';
import { useSame } from './base/use-same.js';

/** A log. */
export interface SubscriptionSource<Out> {
  subscribe(options?: SubscribeOptions, handler?: Handler<Out>): Subscription<Out>;
}

/** Where to start, by default `now`: another start begins another subscription. `onRedact` may be a new function in each render. */
export type UseSubscriptionOptions = Pick<SubscribeOptions, 'from' | 'onRedact'>;

/**
 * Calls `handler` with each message of a log while the component is mounted: for sounds, notices and whatever else is no list of
 * messages. The handler may be a new function in each render, and the last one is called. It renders only when `state` changes.
 * @example
 * ```tsx
 * useSubscription(useChannel('chat/lobby'), (message, { mine }) => {
 *   if (!mine) notify(message.text);
 * });
 * ```
 */
export function useSubscription<Out>(
  channel: SubscriptionSource<Out>,
  handler: Handler<Out>,
  options: UseSubscriptionOptions = {},
): UseSubscriptionResult {
  const { onRedact } = options;
  const asked = useSame(options);
  const store = useMemo(() => subscriptionStore(channel, asked), [channel, asked]);
  // Stands before the subscription's own effect, so that no message comes before there is a handler.
  useEffect(() => store.setHandlers(handler, onRedact));
  return useLazyStore(store);
}

function subscriptionStore<Out>(channel: SubscriptionSource<Out>, options: UseSubscriptionOptions) {
  let handler: Handler<Out> = () => undefined;
  let onRedact: SubscribeOptions['onRedact'];
  const store = lazyStore({}, ({ show, end }) => {
    const told: SubscribeOptions = {
      onSubscribed: () => show({}),
      onEnd: end,
      onRedact: (redaction) => onRedact?.(redaction),
    };
    const subscription = channel.subscribe({ ...options, ...told }, (data, meta) => handler(data, meta));
    return () => subscription.unsubscribe();
  });
  return {
    ...store,
    setHandlers: (next: Handler<Out>, nextOnRedact: SubscribeOptions['onRedact']): void => {
      handler = next;
      onRedact = nextOnRedact;
    },
  };
}
