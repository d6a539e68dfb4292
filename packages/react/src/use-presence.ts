import type { Presence, Removal } from '@longwave/client';
import { LongwaveError } from '@longwave/protocol';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type UseSubscriptionResult, lazyStore } from './base/lazy-store.js';
import { useLazyStore } from './base/use-lazy-store.js';
import { useMap } from './use-map.js';
import { useSame } from './base/use-same.js';

/** A channel whose contract has `presence`. */
export interface PresenceSource<In, Out> {
  readonly presence: Presence<In, Out>;
}

/** Options of `usePresence`. */
export interface UsePresenceOptions<Data = unknown> {
  /** Marks this member as present but not looking. Default false. */
  readonly away?: boolean;
  /** Called with each member that leaves while the component is mounted, as it was last, and how it left. */
  readonly onLeave?: (member: PresentMember<Data>, why: Removal['why']) => void;
}

/** A member of a channel: one client of a user. */
export interface PresentMember<Data> {
  readonly key: string;
  /** The user that the server authenticated; undefined for an anonymous member. */
  readonly user: string | undefined;
  /** The data that the member gave. */
  readonly data: Data;
  readonly away: boolean;
}

/** The outcome of entering. Neither: not asked for, or not answered yet. */
interface Membership {
  /** Key of this client among the members. */
  readonly self: string | undefined;
  /** Why this client could not become a member. */
  readonly refused: LongwaveError | undefined;
}

/** Result of {@link usePresence}. */
export type UsePresenceResult<Data> = UseSubscriptionResult &
  Membership & {
    /** Members; the same list until a member comes, goes or changes. */
    readonly members: readonly PresentMember<Data>[];
  };

/** Result of {@link useMemberCount}. */
export type UseMemberCountResult = UseSubscriptionResult & {
  /** Undefined while it is not known. */
  readonly count: number | undefined;
};

const outside: Membership = { self: undefined, refused: undefined };

/**
 * Shows the members of a channel, and enters it if `data` are given, while the component is mounted.
 * Other `data` change the member without leaving. A client is a member of a channel once, so only one component may
 * enter.
 * @example
 * ```tsx
 * const { members, self } = usePresence(useChannel('chat/lobby'), { name: 'Ada' });
 * ```
 */
export function usePresence<In, Out>(
  { presence }: PresenceSource<In, Out>,
  data?: In,
  options: UsePresenceOptions<Out> = {},
): UsePresenceResult<Out> {
  const membership = useMembership(presence, data, options.away ?? false);
  useLeaving(presence, options.onLeave);
  const { entries, entry, ...subscription } = useMap(presence);
  const members = useMemo(
    () => [...entries].map(([key, member]) => ({ key, user: entry(key)?.user, ...member })),
    [entries, entry],
  );
  return { ...subscription, ...membership, members };
}

/**
 * How many members a channel has, while the component is mounted: two numbers on the wire (entries and users), however
 * many come and go.
 * @example
 * ```tsx
 * const { count = 0 } = useMemberCount(useChannel('chat/lobby'));
 * ```
 */
export function useMemberCount({ presence }: PresenceSource<never, unknown>): UseMemberCountResult {
  const store = useMemo(
    () =>
      lazyStore<{ count: number | undefined }>({ count: undefined }, ({ show, end }) => {
        const watch = presence.count((count) => show({ count: count?.entries }));
        watch.ready.catch(end);
        return () => watch.unsubscribe();
      }),
    [presence],
  );
  return useLazyStore(store);
}

function useLeaving<Out>(presence: Presence<never, Out>, onLeave: UsePresenceOptions<Out>['onLeave']): void {
  const listener = useRef(onLeave);
  useEffect(() => {
    listener.current = onLeave;
  });
  const listens = onLeave !== undefined;
  useEffect(() => {
    if (!listens) return undefined;
    // It shares the subscription that shows the members.
    const watch = presence.watch((_, { removed }) => {
      for (const { key, why, last } of removed) {
        listener.current?.({ key, user: last.user, ...last.value }, why);
      }
    });
    return () => watch.unsubscribe();
  }, [presence, listens]);
}

function useMembership<In>(presence: Presence<In, unknown>, data: In | undefined, away: boolean): Membership {
  const said = useSame(data);
  const enters = said !== undefined;
  const [membership, setMembership] = useState(outside);

  useEffect(() => {
    if (!enters) return undefined;
    return () => {
      setMembership(outside);
      void presence.leave();
    };
  }, [presence, enters]);

  useEffect(() => {
    if (said === undefined) return undefined;
    let current = true;
    const refuse = (refused: LongwaveError): void => {
      if (current) setMembership({ self: undefined, refused });
    };
    const enter = async (): Promise<void> => {
      try {
        const self = await presence.enter(said, { away, onEnd: refuse });
        if (current) setMembership({ self, refused: undefined });
      } catch (error) {
        if (error instanceof LongwaveError) refuse(error);
        // A mistake: thrown where an error boundary takes it.
        else
          setMembership(() => {
            throw error;
          });
      }
    };
    void enter();
    return () => {
      current = false;
    };
  }, [presence, said, away]);

  return membership;
}
