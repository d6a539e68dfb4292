import type { Headline } from '../../shared/scores/match.js';
import { type Store, createStore } from '../lib/store.js';
import type { GalleryClient } from '../session/session.js';

const keptHeadlines = 60;

export interface ReceivedHeadline extends Headline {
  readonly key: string;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
}

export interface NewsState {
  /** Newest first. */
  readonly headlines: readonly ReceivedHeadline[];
  /** Only these are shown; undefined: all. */
  readonly tag: Headline['tag'] | undefined;
}

export interface News {
  readonly store: Store<NewsState>;
  open(): () => void;
  /** A log is read as a whole, in order (G2): what of it is shown is chosen here. */
  choose(tag: Headline['tag'] | undefined): void;
}

export function createNews({ client }: { readonly client: GalleryClient }): News {
  const store = createStore<NewsState>({ headlines: [], tag: undefined });
  return {
    store,
    choose: (tag) => store.set((state) => ({ ...state, tag })),
    open: () => {
      store.set((state) => ({ ...state, headlines: [] }));
      // #region teach:scores-client
      const subscription = client.channel('news').subscribe(
        {
          from: { last: keptHeadlines },
          // Headlines of another epoch tell of another league than the board shows.
          onReset: ({ reason }) => {
            if (reason === 'epoch-changed') store.set((state) => ({ ...state, headlines: [] }));
          },
        },
        (headline, { epoch, offset, time }) => {
          const received = { ...headline, key: `${epoch}:${offset}`, time };
          store.set((state) => ({ ...state, headlines: [received, ...state.headlines].slice(0, keptHeadlines) }));
        },
      );
      // #endregion
      subscription.ready.catch(() => undefined);
      return () => subscription.unsubscribe();
    },
  };
}

export function shownHeadlines({ headlines, tag }: NewsState): readonly ReceivedHeadline[] {
  return tag === undefined ? headlines : headlines.filter((headline) => headline.tag === tag);
}
