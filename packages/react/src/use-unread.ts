import type { SubscribeOptions } from '@longwave/client';
import type { Position } from '@longwave/protocol';
import { useEffect, useMemo } from 'react';
import type { SubscriptionSource } from './use-subscription.js';
import { type UseSubscriptionResult, lazyStore } from './base/lazy-store.js';
import { useLazyStore } from './base/use-lazy-store.js';

/** More is not counted: show it as "999+". */
const mostCounted = 1_000;

/** Result of {@link useUnread}. */
export type UseUnreadResult = UseSubscriptionResult & {
  /** Messages after `seen` that this client did not publish, 1,000 at most. */
  readonly unread: number;
};

interface Counted {
  /** Offsets of the messages that count, rising. */
  readonly offsets: readonly number[];
}

const none: Counted = { offsets: [] };

/**
 * How many messages of a log came after `seen`, the `meta` of the last one that the user saw, while the component is mounted. It
 * subscribes once, from where `seen` is at first, and counts anew when `seen` moves on. Without `seen` it counts from now on.
 * @example
 * ```tsx
 * const { unread } = useUnread(useChannel('chat/lobby'), lastSeen);
 * ```
 */
export function useUnread(channel: SubscriptionSource<unknown>, seen?: Position): UseUnreadResult {
  const store = useMemo(() => unreadStore(channel), [channel]);
  // Stands before the subscription's own effect, which begins at the place that is set here.
  useEffect(() => store.setStart(seen));
  const { offsets, ...subscription } = useLazyStore(store);
  return { ...subscription, unread: offsets.filter((offset) => !seen || offset > seen.offset).length };
}

function unreadStore(channel: SubscriptionSource<unknown>) {
  let start: Position | undefined;
  const store = lazyStore<Counted>(none, ({ show, end }) => {
    let counted = none;
    const become = (next: Counted): void => show((counted = next));
    const from = start ? { epoch: start.epoch, offset: start.offset } : 'now';
    const told: SubscribeOptions = {
      onSubscribed: () => show(counted),
      onReset: () => become(none),
      // There is nothing to read any more.
      onRedact: ({ target }) => become({ offsets: counted.offsets.filter((offset) => offset !== target.offset) }),
      onEnd: end,
    };
    const subscription = channel.subscribe({ ...told, from }, (_, { offset, mine, redacted }) => {
      if (!mine && !redacted) become({ offsets: [...counted.offsets, offset].slice(-mostCounted) });
    });
    return () => subscription.unsubscribe();
  });
  return {
    ...store,
    setStart: (next: Position | undefined): void => {
      start = next;
    },
  };
}
