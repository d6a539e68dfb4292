import type { HistoryOptions, HistoryPage, Message } from '@longwave/client';
import type { LongwaveError, Position } from '@longwave/protocol';
import { useCallback, useState } from 'react';
import { toError } from './base/to-error.js';

/** A log. */
export interface HistorySource<Out> {
  history(options?: HistoryOptions): Promise<HistoryPage<Out>>;
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
}

const nothing: readonly never[] = [];

/**
 * Older messages of a log, a page at a time: beside `useMessages`, which shows the newest. When `before` no longer follows what was
 * loaded, such as after a reset or when `keep` took messages in between, it begins anew.
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
  const none: Loaded<Out> = { source: channel, older: nothing, state: 'more', error: undefined };
  const [loaded, setLoaded] = useState(none);
  const current = isFollowedBy(loaded, channel, before) ? loaded : none;
  const epoch = before?.epoch;
  const first = current.older[0]?.meta ?? before;
  const at = first?.offset;
  const { older, state, error } = current;
  const isIdle = state === 'more';

  const loadOlder = useCallback(() => {
    if (!isIdle) return;
    const asked = channel.history({
      limit,
      ...(at !== undefined && { before: at }),
      ...(epoch !== undefined && { epoch }),
    });
    setLoaded({ source: channel, older, state: 'loading', error: undefined });
    const show = (next: (before: Loaded<Out>) => Loaded<Out>): void =>
      // Something else is shown by now: another channel, or another beginning.
      setLoaded((now) => (now.source === channel && now.older === older ? next(now) : now));
    asked.then(
      ({ messages, floor }) =>
        show((now) => {
          const state = messages.length === 0 || messages[0]!.meta.offset <= floor + 1 ? 'end' : 'more';
          return { ...now, older: [...messages, ...older], state };
        }),
      (cause: unknown) =>
        show((now) => ({
          ...now,
          state: 'more',
          error: toError(cause),
        })),
    );
  }, [channel, limit, at, epoch, isIdle, older]);

  return { older, state, error, loadOlder };
}

/** Tells whether the loaded messages end directly before `before`. */
function isFollowedBy<Out>({ source, older }: Loaded<Out>, channel: HistorySource<Out>, before: Position | undefined) {
  if (source !== channel) return false;
  const last = older.at(-1)?.meta;
  if (!last || !before) return true;
  return last.epoch === before.epoch && last.offset + 1 === before.offset;
}
