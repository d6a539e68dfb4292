import type { Client, Position } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import { type Store, createStore } from '../lib/store.js';

/** How many messages this user has not read, by room. Rooms they have never been in have none. */
export interface Unread {
  readonly store: Store<ReadonlyMap<string, number>>;
  /** This page shows the message at `position`: it counts as read before the server has heard of it. */
  seen(room: string, position: Position): void;
  /** Counts in these rooms. Returns how to stop. */
  watch(rooms: readonly string[]): () => void;
}

interface UnreadOptions {
  readonly client: Client<GalleryChannels>;
  readonly user: string | undefined;
}

/** More is not counted: it is shown as "99+". */
const mostCounted = 100;

export function createUnread({ client, user }: UnreadOptions): Unread {
  const store = createStore<ReadonlyMap<string, number>>(new Map());
  const seen = new Map<string, Position>();
  const recounts = new Map<string, () => void>();

  const watchRoom = (room: string, reader: string): (() => void) => {
    let epoch: string | undefined;
    /** Offsets of the newest messages with a text, rising. */
    let offsets: readonly number[] = [];
    let read: Position | undefined;
    const countAfter = (position: Position | undefined): number =>
      position && position.epoch === epoch ? offsets.filter((offset) => offset > position.offset).length : 0;
    const count = (): void => {
      const unread = Math.min(countAfter(read), countAfter(seen.get(room) ?? read));
      if (unread !== (store.get().get(room) ?? 0)) store.set((counts) => new Map(counts).set(room, unread));
    };
    const become = (next: readonly number[]): void => {
      offsets = next.slice(-mostCounted);
      count();
    };
    const messages = client.channel(`chat/${room}`).subscribe(
      {
        from: { last: mostCounted },
        onSubscribed: ({ position }) => ({ epoch } = position),
        onReset: ({ position }) => {
          ({ epoch } = position);
          become([]);
        },
        // There is nothing to read any more.
        onRedact: ({ target }) => become(offsets.filter((offset) => offset !== target.offset)),
      },
      (_message, meta) => {
        ({ epoch } = meta);
        if (!meta.redacted) become([...offsets, meta.offset]);
      },
    );
    const own = client.channel(`chat-read/${room}`).watch({ keys: [reader] }, (positions) => {
      read = positions.get(reader);
      count();
    });
    messages.ready.catch(() => undefined);
    recounts.set(room, count);
    return () => {
      recounts.delete(room);
      messages.unsubscribe();
      own.unsubscribe();
    };
  };

  return {
    store,
    seen: (room, position) => {
      seen.set(room, position);
      recounts.get(room)?.();
    },
    watch: (rooms) => {
      if (user === undefined) return () => undefined;
      const stops = rooms.map((room) => watchRoom(room, user));
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
