import type { FeedMessage } from '../../shared/compare.js';
import type { Cable } from '../faults/cable.js';
import type { Tally } from './tally.js';

/** `failing`: the last attempt did not work, and another follows. `ended`: the lane is closed. */
export type LaneStatus = 'connecting' | 'connected' | 'failing' | 'ended';

/** One way of getting the feed, at work. */
export interface Lane {
  /** The interval of polling has changed. */
  intervalChanged(): void;
  close(): void;
}

export interface LaneOptions {
  readonly url: string;
  readonly tally: Tally;
  /** The page's network. */
  readonly cable: Cable;
  readonly pollMs: () => number;
  readonly onMessage: (message: FeedMessage) => void;
  readonly onStatus: (status: LaneStatus) => void;
}
