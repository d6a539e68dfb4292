import { type Line, type Logged, foldCommentary } from '../../shared/scores/lines.js';
import type { MatchDetails } from '../../shared/scores/match.js';
import { type Store, createStore } from '../lib/store.js';
import type { GalleryClient } from '../session/session.js';

/** As many as a match can have, and some: who comes late sees it from the kick-off. */
const lastEntries = 1000;

export interface MatchFeedState {
  readonly details: MatchDetails | undefined;
  /** Newest first, with their corrections. */
  readonly lines: readonly Line[];
  /** Why something is missing above, when something is. */
  readonly lost: string | undefined;
  readonly endedBecause: string | undefined;
}

export interface MatchFeed {
  readonly store: Store<MatchFeedState>;
  open(): () => void;
}

/** The commentary of a match and what stands beside it. */
export function createMatchFeed({ client, id }: { readonly client: GalleryClient; readonly id: string }): MatchFeed {
  const store = createStore<MatchFeedState>({
    details: undefined,
    lines: [],
    lost: undefined,
    endedBecause: undefined,
  });

  const open = (): (() => void) => {
    let log: Logged[] = [];
    let frame: ReturnType<typeof setTimeout> | undefined;
    const show = (): void => {
      frame = undefined;
      store.set((state) => ({ ...state, lines: foldCommentary(log).toReversed() }));
    };
    const onEnd = (error: Error): void => store.set((state) => ({ ...state, endedBecause: error.message }));

    const details = client.channel(`match/${id}`).watchValue({ onEnd }, (value) => {
      store.set((state) => ({ ...state, details: value }));
    });
    const commentary = client.channel(`commentary/${id}`).subscribe(
      {
        from: { last: lastEntries },
        onEnd,
        onReset: ({ reason, previous }) => {
          // Offsets of another epoch mean other lines. Before the first message there was nothing to lose.
          if (reason === 'epoch-changed') {
            log = [];
            // At once: the new log may have nothing yet.
            show();
          }
          if (previous !== undefined) store.set((state) => ({ ...state, lost: reason }));
        },
      },
      (entry, { offset, time, user }) => {
        log.push({ offset, time, by: user, entry });
        // The whole log comes at once: it is folded once.
        frame ??= setTimeout(show);
      },
    );
    details.ready.catch(() => undefined);
    commentary.ready.catch(() => undefined);
    return () => {
      clearTimeout(frame);
      details.unsubscribe();
      commentary.unsubscribe();
    };
  };
  return { store, open };
}
