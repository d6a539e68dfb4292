import type { MapWatch } from 'longwave/client';
import type { Match } from '../../shared/scores/match.js';
import { type Store, createStore } from '../lib/store.js';
import type { GalleryClient } from '../session/session.js';
import { announcementOf } from './words.js';

/** How long a goal is marked as new. */
const freshMs = 8000;

export interface BoardEntry {
  readonly id: string;
  readonly match: Match;
  /** The version that a change of it has to name. */
  readonly version: number;
}

interface BoardState {
  readonly status: 'loading' | 'there' | 'ended';
  readonly endedBecause?: string;
  /** In their order on the board. */
  readonly entries: readonly BoardEntry[];
  /** Matches whose score has just changed. */
  readonly fresh: ReadonlySet<string>;
  /** For those who listen: the last thing that happened. */
  readonly announcement: string;
}

export interface Board {
  readonly store: Store<BoardState>;
  /** Watches from now on. Returns how to stop. */
  open(): () => void;
}

/** The scoreboard, or of it only the match `only`. */
export function createBoard({ client, only }: { readonly client: GalleryClient; readonly only?: string }): Board {
  const store = createStore<BoardState>({ status: 'loading', entries: [], fresh: new Set(), announcement: '' });

  const open = (): (() => void) => {
    let before: ReadonlyMap<string, Match> = new Map();
    const timers = new Set<ReturnType<typeof setTimeout>>();

    const forget = (ids: readonly string[]): void => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        store.set((state) => ({ ...state, fresh: new Set([...state.fresh].filter((id) => !ids.includes(id))) }));
      }, freshMs);
      timers.add(timer);
    };

    const watch: MapWatch<Match> = client.channel('scores').watch(
      {
        ...(only !== undefined && { keys: [only] }),
        onEnd: (error) => store.set((state) => ({ ...state, status: 'ended', endedBecause: error.message })),
      },
      (matches, { updated }) => {
        const said = updated.flatMap((id) => {
          const [was, is] = [before.get(id), matches.get(id)];
          const words = was && is && announcementOf(was, is);
          return words === undefined ? [] : [{ id, words }];
        });
        // A copy: the map is one and the same for as long as the watch lasts.
        before = new Map(matches);
        store.set((state) => ({
          ...state,
          status: 'there',
          entries: [...matches]
            .map(([id, match]) => ({ id, match, version: watch.entry(id)?.version ?? 0 }))
            .toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true })),
          ...(said.length > 0 && {
            announcement: said.map(({ words }) => words).join(' '),
            fresh: new Set([...state.fresh, ...said.map(({ id }) => id)]),
          }),
        }));
        if (said.length > 0) forget(said.map(({ id }) => id));
      },
    );
    watch.ready.catch(() => undefined);
    return () => {
      watch.unsubscribe();
      for (const timer of timers) clearTimeout(timer);
      store.set((state) => ({ ...state, fresh: new Set() }));
    };
  };
  return { store, open };
}
