import type { From, Message, MessageMeta, Redaction } from '@longwave/protocol';
import type { SubscribeOptions } from '../api/api.js';
import type { Channel } from '../api/client-api.js';
import { check, fields, whole } from '../base/check.js';

/** Options of `messageStore`. */
export interface MessageStoreOptions extends Pick<SubscribeOptions, 'onSubscribed' | 'onEnd'> {
  /** Where to start, as for `subscribe`. Default `now`; a list that begins with what was said before asks for `{ last: 50 }`. */
  readonly from?: From;
  /** Most messages kept; above it the oldest go. Default 500. */
  readonly keep?: number;
}

/**
 * The messages of a log as an external store: its functions are bound, and the snapshot is the same array until
 * something changes.
 */
export interface MessageStore<Out> {
  /** Returns the messages, the oldest first. */
  readonly getSnapshot: () => readonly Message<Out>[];
  /** Calls `listener` after each change. Returns a function that removes the listener. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Unsubscribes. The last snapshot stays readable. */
  unsubscribe(): void;
}

/**
 * Subscribes to `channel` and keeps its last messages, for views that show a log. After a loss of continuity the store
 * begins anew, and `meta.reset` of its first message tells so. It ends by `unsubscribe()`.
 * @example
 * ```ts
 * const store = messageStore(client.channel('chat/lobby'), { keep: 100 });
 * store.subscribe(() => render(store.getSnapshot()));
 * ```
 */
export function messageStore<Out>(
  channel: Channel<never, Out>,
  { from = 'now', keep = 500, ...told }: MessageStoreOptions = {},
): MessageStore<Out> {
  check('options', { keep }, fields({ keep: whole(1) }));
  const listeners = new Set<() => void>();
  let messages: readonly Message<Out>[] = [];
  /** Not shown yet: what comes in one turn is shown together. */
  let gathered: Message<Out>[] | undefined;
  // An error of a listener stops no other listener, and is reported like that of a handler.
  const show = (next: readonly Message<Out>[]): Promise<unknown> => {
    messages = next.slice(-keep);
    return Promise.all([...listeners].map(async (listener) => listener()));
  };
  const onReset = (): unknown => {
    if (gathered) gathered.length = 0;
    return show([]);
  };
  const onMessage = (data: Out, meta: MessageMeta): unknown => {
    if (gathered) return void gathered.push({ data, meta });
    const added = (gathered = [{ data, meta }]);
    return Promise.resolve().then(() => {
      gathered = undefined;
      return added.length > 0 && show([...messages, ...added]);
    });
  };
  // A message that was shown loses its data and keeps its place (RED-2).
  const onRedact = ({ target }: Redaction): unknown => {
    const isTarget = ({ meta }: Message<Out>): boolean => meta.offset === target.offset;
    const waiting = gathered?.findIndex(isTarget) ?? -1;
    if (waiting >= 0) gathered![waiting] = withoutData(gathered![waiting]!);
    if (!messages.some(isTarget)) return undefined;
    return show(messages.map((message) => (isTarget(message) ? withoutData(message) : message)));
  };
  const subscription = channel.subscribe({ ...told, from, onReset, onRedact }, onMessage);
  return {
    getSnapshot: () => messages,
    subscribe: (listener) => {
      const entry = (): void => listener();
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
      };
    },
    unsubscribe: () => subscription.unsubscribe(),
  };
}

/** In a log with redactions, `Out` includes undefined. */
function withoutData<Out>({ meta }: Message<Out>): Message<Out> {
  return { data: undefined as Out, meta: { ...meta, redacted: true } };
}
