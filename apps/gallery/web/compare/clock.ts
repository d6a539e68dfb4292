import type { Client } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import type { CompareCalls } from '../../shared/compare.js';
import { type ClockEstimate, createClockOffset } from './clock-offset.js';

/**
 * The server's clock, asked for over the page's own connection and not over a lane: that one passes no throttle, so that the
 * round trip is short and the estimate good, and no lane pays for it.
 */
export interface ServerClock {
  readonly estimate: ClockEstimate | undefined;
  /** The server's time now; the page's own as long as nothing is known. */
  now(): number;
  /** Rejects when the server cannot be asked. */
  ask(times: number): Promise<void>;
}

export function createServerClock(client: Client<GalleryChannels, CompareCalls>): ServerClock {
  const offset = createClockOffset();
  const pageNow = (): number => performance.timeOrigin + performance.now();
  return {
    get estimate() {
      return offset.estimate();
    },
    now: () => pageNow() + (offset.estimate()?.offsetMs ?? 0),
    ask: async (times) => {
      for (let asked = 0; asked < times; asked++) {
        const askedAt = pageNow();
        const serverTime = await client.call('compare/clock', {});
        offset.add({ askedAt, serverTime, answeredAt: pageNow() });
      }
    },
  };
}
