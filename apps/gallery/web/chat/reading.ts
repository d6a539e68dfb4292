import type { Client, Position } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import { type Store, createStore } from '../lib/store.js';

/** Between two writes. */
const writeEveryMs = 1_000;

/** How far each user has read in a room. */
export interface Reading {
  readonly store: Store<ReadonlyMap<string, Position>>;
  open(): () => void;
  /** The message at `position` was seen. Stored soon, and only when it is further than before. */
  reached(position: Position): void;
}

/** When something is written. */
export interface WriteClock {
  /** Milliseconds that only go forward. */
  now(): number;
  /** Calls back once. Returns how to give that up. */
  setTimer(callback: () => void, delayMs: number): () => void;
}

const pageClock: WriteClock = {
  now: () => performance.now(),
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

interface ReadingOptions {
  readonly client: Client<GalleryChannels>;
  readonly room: string;
  readonly user: string | undefined;
  /** At once, what `reached` is told. */
  readonly onReached: (position: Position) => void;
  /** Default: that of the page. */
  readonly clock?: WriteClock;
}

export function createReading({ client, room, user, onReached, clock = pageClock }: ReadingOptions): Reading {
  const channel = client.channel(`chat-read/${room}`);
  const store = createStore<ReadonlyMap<string, Position>>(new Map());
  /** True when the stored position is known: one that is no further is not written. */
  let isKnown = false;
  let reached: Position | undefined;
  let writtenAt = -Infinity;
  let cancel: (() => void) | undefined;

  const write = (): void => {
    cancel?.();
    cancel = undefined;
    const known = user === undefined ? undefined : store.get().get(user);
    if (!isKnown || user === undefined || reached === undefined || !isBeyond(reached, known)) return;
    writtenAt = clock.now();
    // Refused where another tab has read further: then that is what holds.
    channel.put(user, { epoch: reached.epoch, offset: reached.offset }).catch(() => undefined);
  };

  return {
    store,
    open: () => {
      const watch = channel.watch((_positions, { initial }) => {
        store.set(watch.getSnapshot());
        isKnown = true;
        if (initial) write();
      });
      return () => {
        if (cancel !== undefined) write();
        watch.unsubscribe();
      };
    },
    reached: (position) => {
      if (!isBeyond(position, reached)) return;
      reached = position;
      onReached(position);
      cancel ??= clock.setTimer(write, Math.max(0, writtenAt + writeEveryMs - clock.now()));
    },
  };
}

/** Another log is further than any position in the one before. */
function isBeyond(position: Position, before: Position | undefined): boolean {
  return before === undefined || position.epoch !== before.epoch || position.offset > before.offset;
}

/** Names of those who have read as far as `position`, without `author`. */
export function readersOf(
  readers: ReadonlyMap<string, Position>,
  position: Position,
  author: string | undefined,
): readonly string[] {
  return [...readers]
    .filter(([name, { epoch, offset }]) => name !== author && epoch === position.epoch && offset >= position.offset)
    .map(([name]) => name)
    .toSorted((a, b) => a.localeCompare(b));
}
