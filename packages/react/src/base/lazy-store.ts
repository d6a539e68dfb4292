import { LongwaveError } from '@longwave/protocol';

/** Where a subscription stands. `pending`: nothing has come yet. `ended`: not by us, and what was shown stays. */
export type UseSubscriptionResult =
  | { readonly state: 'pending' | 'live'; readonly error: undefined }
  | { readonly state: 'ended'; readonly error: LongwaveError };

/** To whom an open subscription tells what to show. Once it is closed, nothing is heard of it. */
export interface Display<Data> {
  show(data: Data): void;
  end(error: LongwaveError): void;
}

/** A store as `useSyncExternalStore` takes it. */
export interface LazyStore<Data> {
  readonly subscribe: (listener: () => void) => () => void;
  /** The same object until something in it changes. */
  readonly getSnapshot: () => Data & UseSubscriptionResult;
  /** The snapshot that a server renders, and the page that takes over from it: nothing is opened there. */
  readonly getServerSnapshot: () => Data & UseSubscriptionResult;
}

/**
 * A subscription that is there while somebody listens. `open` begins it, and returns how to end it; what it throws by a
 * code is shown as its end. It outlives a listener that comes back at once, as with Strict Mode's second mount or a
 * child that takes the place of another.
 */
export function lazyStore<Data extends object>(
  empty: Data,
  open: (display: Display<Data>) => () => void,
): LazyStore<Data> {
  const pending: Data & UseSubscriptionResult = { ...empty, state: 'pending', error: undefined };
  const listeners = new Set<() => void>();
  let shown: Data & UseSubscriptionResult = pending;
  let close: (() => void) | undefined;

  const become = (next: Data & UseSubscriptionResult): void => {
    if (isSame(shown, next)) return;
    shown = next;
    for (const listener of [...listeners]) listener();
  };
  const start = (): (() => void) => {
    let isOpen = true;
    const end = (error: LongwaveError): void => {
      if (isOpen) become({ ...shown, state: 'ended', error });
    };
    const show = (data: Data): void => {
      if (isOpen) become({ ...data, state: 'live', error: undefined });
    };
    // The earlier data stay until there are new ones.
    become({ ...shown, state: 'pending', error: undefined });
    let stop: (() => void) | undefined;
    try {
      stop = open({ show, end });
    } catch (error) {
      if (!(error instanceof LongwaveError)) throw error;
      end(error);
    }
    return () => {
      isOpen = false;
      stop?.();
    };
  };

  return {
    subscribe: (listener) => {
      // A function of our own, so that one given twice is called twice and stopped one at a time.
      const entry = (): void => listener();
      listeners.add(entry);
      close ??= start();
      return () => {
        listeners.delete(entry);
        queueMicrotask(() => {
          if (listeners.size > 0) return;
          close?.();
          close = undefined;
        });
      };
    },
    getSnapshot: () => shown,
    getServerSnapshot: () => pending,
  };
}

function isSame(before: object, after: object): boolean {
  const known = new Map(Object.entries(before));
  return Object.entries(after).every(([name, value]) => known.has(name) && Object.is(known.get(name), value));
}
