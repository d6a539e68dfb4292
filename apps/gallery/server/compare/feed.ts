import type { FeedMessage } from '../../shared/compare.js';

/** Publishes numbered messages, evenly spread. */
export interface Feed {
  /** Messages a second; 0 stops it. */
  setRate(rate: number): void;
  /** One message now, whatever the rate. */
  publishOne(): void;
}

/** `now` is the clock that goes into the messages. */
export function createFeed(publish: (message: FeedMessage) => void, now: () => number): Feed {
  let seq = 0;
  let periodMs = 0;
  let dueAt = 0;
  let timer: NodeJS.Timeout | undefined;

  const publishOne = (): void => publish({ seq: ++seq, sentAt: now() });
  const arm = (): void => {
    timer = setTimeout(
      () => {
        // By the clock, so that the rate holds; what a busy moment missed is not made up for in a burst.
        dueAt = Math.max(dueAt + periodMs, now());
        arm();
        publishOne();
      },
      Math.max(0, dueAt - now()),
    );
  };
  return {
    publishOne,
    setRate: (rate) => {
      const wanted = rate > 0 ? 1000 / rate : 0;
      if (wanted === periodMs) return;
      periodMs = wanted;
      clearTimeout(timer);
      if (periodMs === 0) return;
      dueAt = now() + periodMs;
      arm();
    },
  };
}
