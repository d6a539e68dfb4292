import type { PublishOptions, Published } from '@longwave/client';
import type { LongwaveError } from '@longwave/protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type UseSubscriptionResult } from './base/lazy-store.js';
import { toError } from './base/to-error.js';
import { type SubscriptionSource, useSubscription } from './use-subscription.js';

/** While somebody types, they say so once in this time. */
const sayMs = 3_000;
/** Milliseconds without a signal after which a user no longer types. */
const forgetMs = 6_000;

/** A log of booleans: `true` when a user types, `false` when they have stopped. `signal({ message: z.boolean() })` defines one that keeps little. */
export interface TypingSource extends SubscriptionSource<boolean> {
  publish(data: boolean, options?: PublishOptions): Promise<Published>;
}

/** Result of {@link useTyping}. */
export type UseTypingResult = UseSubscriptionResult & {
  /** Users who said within the last 6 s that they are typing, in the order in which they began. Anonymous ones are not shown, and this client is not. */
  readonly typing: readonly string[];
  /** Call it on each key: the others hear of it at most every 3 s. */
  readonly onType: () => void;
  /** Call it when the message is sent or emptied. */
  readonly onStop: () => void;
  /** Why the others do not hear of this client's typing, where the server refused it: no right to publish, say. */
  readonly refused: LongwaveError | undefined;
};

/**
 * Returns the users who are typing, while the component is mounted. Losing such a message harms nobody: of what fails, only a refusal
 * is told, as `refused`.
 * @example
 * ```tsx
 * const { typing, onType, onStop } = useTyping(useChannel('typing/lobby'));
 * if (typing.length > 0) label.textContent = `${typing.join(', ')} …`;
 * ```
 */
export function useTyping(channel: TypingSource): UseTypingResult {
  const [typing, setTyping] = useState<readonly string[]>([]);
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const [refused, setRefused] = useState<LongwaveError>();
  const saidAt = useRef(-Infinity);
  const ids = useRef<() => string>(undefined);

  const forget = useCallback((user: string): void => {
    clearTimeout(timers.current.get(user));
    timers.current.delete(user);
    setTyping((now) => now.filter((other) => other !== user));
  }, []);
  const subscription = useSubscription(channel, (isTyping, { user, mine }) => {
    if (mine || user === undefined) return;
    if (!isTyping) return forget(user);
    clearTimeout(timers.current.get(user));
    timers.current.set(
      user,
      setTimeout(() => forget(user), forgetMs),
    );
    setTyping((now) => (now.includes(user) ? now : [...now, user]));
  });
  useEffect(() => {
    const known = timers.current;
    return () => {
      for (const timer of known.values()) clearTimeout(timer);
      known.clear();
      setTyping([]);
      setRefused(undefined);
    };
  }, [channel]);

  const say = useCallback(
    (isTyping: boolean): void => {
      ids.current ??= makeIds();
      // By its id the client knows it for its own, also where it comes before its acknowledgement, as over HTTP.
      channel.publish(isTyping, { id: ids.current() }).then(
        () => setRefused(undefined),
        (cause: unknown) => {
          const error = toError(cause);
          if (error.advice !== 'retry') setRefused(error);
        },
      );
    },
    [channel],
  );
  const onType = useCallback(() => {
    const now = Date.now();
    if (Math.abs(now - saidAt.current) < sayMs) return;
    saidAt.current = now;
    say(true);
  }, [say]);
  const onStop = useCallback(() => {
    if (saidAt.current === -Infinity) return;
    saidAt.current = -Infinity;
    say(false);
  }, [say]);
  return { ...subscription, typing, onType, onStop, refused };
}

/** Ids that no other tab of the user makes. */
function makeIds(): () => string {
  const prefix = Math.random().toString(36).slice(2);
  let count = 0;
  return () => `typing-${prefix}-${++count}`;
}
