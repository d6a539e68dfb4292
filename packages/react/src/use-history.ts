import type { Handler, HistoryOptions, HistoryPage, Message, SubscribeOptions, Subscription } from '@longwave/client';
import type { LongwaveError, Position } from '@longwave/protocol';
import { useCallback, useEffect, useState } from 'react';
import { toError } from './base/to-error.js';

/** A log. */
export interface HistorySource<Out> {
  history(options?: HistoryOptions): Promise<HistoryPage<Out>>;
  subscribe(options: SubscribeOptions, handler: Handler<Out>): Subscription<Out>;
}

/** Options of {@link useHistory}. */
export interface UseHistoryOptions {
  /** The `meta` of the oldest message that is shown already. Undefined: there is none, and the newest page is the first. */
  readonly before?: Position | undefined;
  /** Messages of a page, 1,000 at most. Default 50. */
  readonly limit?: number;
}

/** Result of {@link useHistory}. */
export interface UseHistoryResult<Out> {
  /** The messages that were loaded, in the order of the log: they go in front of those that begin at `before`. */
  readonly older: readonly Message<Out>[];
  /** `end`: the log keeps nothing older. */
  readonly state: 'more' | 'loading' | 'end';
  /** Why the last page did not come. `loadOlder` tries again. */
  readonly error: LongwaveError | undefined;
  /** Loads the page before. Does nothing while one is loading and at the end. */
  readonly loadOlder: () => void;
}

interface Loaded<Out> extends Omit<UseHistoryResult<Out>, 'loadOlder'> {
  readonly source: HistorySource<Out>;
  /** The loaded pages cover the log from `first` to before `until`, redactions included. Undefined: none was loaded. */
  readonly span: { readonly epoch: string; readonly first: number; readonly until: number } | undefined;
}

const nothing: readonly never[] = [];

function noneOf<Out>(source: HistorySource<Out>): Loaded<Out> {
  return { source, older: nothing, state: 'more', error: undefined, span: undefined };
}

/**
 * Older messages of a log, a page at a time: beside `useMessages`, which shows the newest. When `before` no longer follows what was
 * loaded, such as after a reset or when `keep` took messages in between, it begins anew. While it is mounted it is subscribed to the
 * log, as `useMessages` is: a message whose data is taken loses it here too (RED-7).
 *
 * @example
 * ```tsx
 * const { messages } = useMessages(room, { from: { last: 50 } });
 * const { older, loadOlder, state } = useHistory(room, { before: messages[0]?.meta });
 * ```
 */
export function useHistory<Out>(
  channel: HistorySource<Out>,
  { before, limit = 50 }: UseHistoryOptions = {},
): UseHistoryResult<Out> {
  const [loaded, setLoaded] = useState(() => noneOf(channel));
  const current = isFollowedBy(loaded, channel, before) ? loaded : noneOf(channel);
  const { older, state, error, span } = current;
  const epoch = before?.epoch ?? span?.epoch;
  const at = span?.first ?? before?.offset;
  const isIdle = state === 'more';

  useEffect(() => {
    const subscription = channel.subscribe(
      {
        onRedact: ({ target }) => setLoaded((now) => (now.source === channel ? withoutData(now, target.offset) : now)),
        // Redactions may have been missed.
        onReset: () => setLoaded(noneOf(channel)),
      },
      () => undefined,
    );
    return () => subscription.unsubscribe();
  }, [channel]);

  const loadOlder = useCallback(() => {
    if (!isIdle) return;
    const asked = channel.history({
      limit,
      ...(at !== undefined && { before: at }),
      ...(epoch !== undefined && { epoch }),
    });
    setLoaded({ source: channel, older, state: 'loading', error: undefined, span });
    const show = (next: (before: Loaded<Out>) => Loaded<Out>): void =>
      // Something else is shown by now: another channel, or another beginning.
      setLoaded((now) => (now.source === channel && now.state === 'loading' && now.span === span ? next(now) : now));
    asked.then(
      ({ messages, floor, first, last, top, epoch: of }) =>
        show((now) => ({
          ...now,
          older: [...messages, ...now.older],
          state: last < first || first <= floor + 1 ? 'end' : 'more',
          span: { epoch: of, first, until: span?.until ?? at ?? top + 1 },
        })),
      (cause: unknown) =>
        show((now) => ({
          ...now,
          state: 'more',
          error: toError(cause),
        })),
    );
  }, [channel, limit, at, epoch, isIdle, older, span]);

  return { older, state, error, loadOlder };
}

/** Tells whether the loaded messages end directly before `before`. */
function isFollowedBy<Out>({ source, span }: Loaded<Out>, channel: HistorySource<Out>, before: Position | undefined) {
  if (source !== channel) return false;
  if (!span || !before) return true;
  return span.epoch === before.epoch && span.until === before.offset;
}

function withoutData<Out>(loaded: Loaded<Out>, offset: number): Loaded<Out> {
  if (!loaded.older.some(({ meta }) => meta.offset === offset)) return loaded;
  const older = loaded.older.map((message) =>
    // In a log with redactions, `Out` includes undefined.
    message.meta.offset === offset ? { data: undefined as Out, meta: { ...message.meta, redacted: true } } : message,
  );
  return { ...loaded, older };
}
