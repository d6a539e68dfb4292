import type { Client, MapWatch, Member } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import type { PageVisibility } from '../lib/page-visibility.js';
import { type Store, createStore } from '../lib/store.js';

/** A tab that is hidden for a moment, while its reader looks something up, is not away. */
const awayAfterMs = 30_000;

interface Person {
  readonly name: string;
  /** In none of their tabs do they look. */
  readonly isAway: boolean;
}

/** The people in a room. */
export interface Attendance {
  /** Sorted by name. */
  readonly store: Store<readonly Person[]>;
  /** Enters, for who has a name, and watches. Returns how to leave. */
  open(): () => void;
}

interface AttendanceOptions {
  readonly client: Client<GalleryChannels>;
  readonly room: string;
  readonly user: string | undefined;
  readonly visibility: PageVisibility;
  /** For tests. */
  readonly awayMs?: number;
}

export function createAttendance(options: AttendanceOptions): Attendance {
  const { client, room, user, visibility, awayMs = awayAfterMs } = options;
  const { presence } = client.channel(`chat/${room}`);
  const store = createStore<readonly Person[]>([]);

  // A fault that keeps us out (a lost right, a closed client) also ends the room, which says so.
  const enter = (away: boolean): void => void presence.enter({}, { away }).catch(() => undefined);

  const attend = (): (() => void) => {
    let isAway = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const say = (away: boolean): void => {
      if (away !== isAway) enter((isAway = away));
    };
    const onVisibility = (): void => {
      clearTimeout(timer);
      if (visibility.isVisible()) say(false);
      else timer = setTimeout(() => say(true), awayMs);
    };
    enter(false);
    const stop = visibility.subscribe(onVisibility);
    onVisibility();
    return () => {
      clearTimeout(timer);
      stop();
      void presence.leave();
    };
  };

  return {
    store,
    open: () => {
      const watch = presence.watch(() => store.set(listPeople(watch)));
      const leave = user === undefined ? undefined : attend();
      return () => {
        leave?.();
        watch.unsubscribe();
      };
    },
  };
}

/**
 * Each tab is a member, and so is for some seconds (the grace) one that was closed. By user they are persons: a reload, whose new
 * tab comes before the old one has gone, changes nothing.
 */
function listPeople(watch: MapWatch<Member<unknown>>): readonly Person[] {
  const awayByName = new Map<string, boolean>();
  for (const [key, { away }] of watch.getSnapshot()) {
    const name = watch.entry(key)?.user;
    if (name !== undefined) awayByName.set(name, away && (awayByName.get(name) ?? true));
  }
  return [...awayByName].map(([name, isAway]) => ({ name, isAway })).toSorted((a, b) => a.name.localeCompare(b.name));
}
