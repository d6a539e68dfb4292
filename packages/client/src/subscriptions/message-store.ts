import type { From } from '@longwave/protocol';
import type { SubscribeOptions } from '../api/api.js';
import type { Channel } from '../api/client-api.js';
import type { Message, MessageMeta } from '../api/message.js';
import { check, fields, whole } from '../base/check.js';

export interface MessageStoreOptions extends Pick<SubscribeOptions, 'onSubscribed' | 'onEnd'> {
  /** Where to start, as for `subscribe`. Default `now`; a list that begins with what was said before asks for `{ last: 50 }`. */
  readonly from?: From;
  /** Messages kept, the newest. Default 500. */
  readonly keep?: number;
}

/** The messages of a log as an external store: bound functions, one snapshot until something changes. */
export interface MessageStore<Out> {
  readonly getSnapshot: () => readonly Message<Out>[];
  readonly subscribe: (listener: () => void) => () => void;
  close(): void;
}

/** Subscribes to `channel` and keeps its last messages. After a loss of continuity it begins anew: `meta.reset` of the first says so. */
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
  const subscription = channel.subscribe({ ...told, from, onReset }, onMessage);
  return {
    getSnapshot: () => messages,
    subscribe: (listener) => {
      const entry = (): void => listener();
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
      };
    },
    close: () => subscription.unsubscribe(),
  };
}
