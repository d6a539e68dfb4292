import type { Client, LongwaveError, ViewOf } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import type { Quote } from '../../shared/ticker/market.js';
import { type RequestFrame, oncePerFrame } from './frames.js';
import { type Measured, createMeter } from './meter.js';

type Listener = (changed: ReadonlySet<string>) => void;

/** The quotes that the page looks at, as they are now. */
export interface LiveQuotes {
  get(symbol: string): Quote | undefined;
  /** Calls `listener` once a frame with the symbols whose quotes have changed since. Returns how to stop. */
  subscribe(listener: Listener): () => void;
  /** Looks at something else from now on, over the same subscription. */
  look(view: ViewOf<Quote>): void;
  /** Over the time since it was called last. */
  measure(): Measured;
  close(): void;
}

interface LiveQuotesOptions {
  readonly client: Client<GalleryChannels>;
  readonly view: ViewOf<Quote>;
  readonly requestFrame: RequestFrame;
  /** The server's time now, as well as it is known: milliseconds since 1970. */
  readonly serverNow: () => number;
  readonly onEnd: (error: LongwaveError) => void;
}

export function watchQuotes({ client, view, requestFrame, serverNow, onEnd }: LiveQuotesOptions): LiveQuotes {
  const meter = createMeter(performance.now());
  const listeners = new Set<Listener>();
  let quotes: ReadonlyMap<string, Quote> = new Map();
  let changed = new Set<string>();

  const frame = oncePerFrame(requestFrame, () => {
    const told = changed;
    changed = new Set();
    for (const listener of listeners) listener(told);
  });

  const watch = client.channel('quotes').watch({ ...view, onEnd }, (entries, { added, updated, removed }) => {
    quotes = entries;
    const now = serverNow();
    for (const key of added) {
      meter.begin(key, entries.get(key)!.n, watch.entry(key)!.time);
      changed.add(key);
    }
    for (const key of updated) {
      const storedAt = watch.entry(key)!.time;
      // The clocks are known to within half a round trip: nothing arrives before it was stored.
      meter.add(key, { n: entries.get(key)!.n, storedAt }, Math.max(0, now - storedAt));
      changed.add(key);
    }
    for (const { key } of removed) {
      meter.forget(key);
      changed.add(key);
    }
    frame.request();
  });

  return {
    get: (symbol) => quotes.get(symbol),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    // #region teach:ticker-client
    look: (wanted) => {
      const { keys: before, rate } = watch.view;
      const { keys } = wanted;
      if (!before || !keys || rate !== wanted.rate) return watch.setView(wanted);
      const more = keys.filter((key) => !before.includes(key));
      const less = before.filter((key) => !keys.includes(key));
      if (more.length > 0) watch.track(...more);
      if (less.length > 0) watch.untrack(...less);
    },
    // #endregion
    measure: () => meter.measure(performance.now()),
    close: () => {
      frame.cancel();
      watch.unsubscribe();
    },
  };
}
