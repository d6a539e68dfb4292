import type { Client, Position } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import { type Store, createStore } from '../lib/store.js';

/** Messages behind what this user has read, by room. Rooms they have never been in have none. */
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

export function createUnread({ client, user }: UnreadOptions): Unread {
  const store = createStore<ReadonlyMap<string, number>>(new Map());
  const seen = new Map<string, Position>();
  const recounts = new Map<string, () => void>();

  const watchRoom = (room: string, reader: string): (() => void) => {
    let newest: Position | undefined;
    let read: Position | undefined;
    const count = (): void => {
      const unread = Math.min(countBehind(read, newest), countBehind(seen.get(room) ?? read, newest));
      if (unread !== (store.get().get(room) ?? 0)) store.set((counts) => new Map(counts).set(room, unread));
    };
    const stands = (position: Position): void => {
      newest = position;
      count();
    };
    const messages = client.channel(`chat/${room}`).subscribe(
      {
        onSubscribed: ({ position: { epoch, offset }, recovering }) => stands({ epoch, offset: offset + recovering }),
        onReset: ({ position }) => stands(position),
      },
      (_message, { epoch, offset }) => stands({ epoch, offset }),
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

/** The log of a room has nothing but messages in it: their number is the difference of two offsets. */
function countBehind(read: Position | undefined, newest: Position | undefined): number {
  if (!read || !newest || read.epoch !== newest.epoch) return 0;
  return Math.max(0, newest.offset - read.offset);
}
