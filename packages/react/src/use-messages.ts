import { type Channel, type Message, type MessageStoreOptions, messageStore } from '@longwave/client';
import { useMemo } from 'react';
import { type UseSubscriptionResult, lazyStore } from './base/lazy-store.js';
import { useLazyStore } from './base/use-lazy-store.js';
import { type Sending, useOutgoing } from './use-outgoing.js';
import { useSame } from './base/use-same.js';

/** Options of `useMessages`: where the messages begin, and how many are kept (default 500). */
export type UseMessagesOptions = Pick<MessageStoreOptions, 'from' | 'keep'>;

/** Result of {@link useMessages}. */
export type UseMessagesResult<In, Out> = UseSubscriptionResult &
  Sending<In> & {
    /**
     * Messages in the order of the log. After a loss of continuity they begin anew, and `meta.reset` of the first tells
     * so.
     */
    readonly messages: readonly Message<Out>[];
  };

/**
 * Subscribes to a log while the component is mounted. Other options begin another subscription.
 * @example
 * ```tsx
 * const { messages, state } = useMessages(useChannel('chat/lobby'), { from: { last: 50 } });
 * ```
 */
export function useMessages<In, Out>(
  channel: Channel<In, Out>,
  options: UseMessagesOptions = {},
): UseMessagesResult<In, Out> {
  const asked = useSame(options);
  const store = useMemo(
    () =>
      lazyStore<{ messages: readonly Message<Out>[] }>({ messages: [] }, ({ show, end }) => {
        const messages = messageStore(channel, {
          ...asked,
          // Messages that are there already come next: until then it is not known what to show. In a turn of its own:
          // where the channel is subscribed to already, it is told before there is a store.
          onSubscribed: ({ recovering }) => {
            if (recovering === 0) queueMicrotask(() => tell());
          },
          onEnd: end,
        });
        const tell = (): void => show({ messages: messages.getSnapshot() });
        const stop = messages.subscribe(tell);
        return () => {
          stop();
          messages.unsubscribe();
        };
      }),
    [channel, asked],
  );
  const shown = useLazyStore(store);
  return { ...shown, ...useOutgoing(channel, shown.messages) };
}
