import type { Link } from '../links/connection.js';
import { Deadline } from '../links/deadline.js';
import { type FeedQuery, StreamFeed } from '../stream-feed.js';

export interface JournalRange {
  readonly stream: string;
  readonly subject: string;
  readonly after: number;
  /** There is such a message. */
  readonly to: number;
}

type Apply = (seq: number, message: Uint8Array) => void;

/** So many messages are asked for one by one: less work for a server than a consumer is. */
const fewMessages = 3;
/** To read the times of what a node remembers. */
const timesMs = 5000;

/** Reads the messages of a journal after `after` up to `to`, as far as they exist. */
export async function readJournal(link: Link, range: JournalRange, apply: Apply, deadline: Deadline): Promise<void> {
  let { after } = range;
  for (let i = 0; i < fewMessages; i++) {
    const query = { seq: after + 1, next_by_subj: range.subject };
    const message = await link.jsm.streams.getMessage(range.stream, query);
    if (message && message.seq <= range.to) apply(message.seq, message.data);
    if (!message || message.seq >= range.to) return;
    after = message.seq;
  }
  await readOn(link, { ...range, after }, {}, apply, deadline);
}

/**
 * Reads when each message of a stream, or of one subject, after `after` up to `to` was stored. There MUST be one at `to`
 * or behind it.
 */
export async function readTimes(
  link: Link,
  range: FeedRange,
  take: (seq: number, time: number) => void,
): Promise<void> {
  await readOn(link, range, { headersOnly: true }, (seq, _, time) => take(seq, time), new Deadline(timesMs));
}

interface FeedRange extends Omit<JournalRange, 'subject'> {
  /** Default: all of them. */
  readonly subject?: string;
}

async function readOn(
  link: Link,
  { stream, subject, after, to }: FeedRange,
  query: FeedQuery,
  apply: (seq: number, message: Uint8Array, time: number) => void,
  deadline: Deadline,
): Promise<void> {
  let feed!: StreamFeed;
  const done = new Promise<void>((resolve, reject) => {
    feed = new StreamFeed(
      stream,
      after,
      {
        deliver(seq, _, message, time) {
          try {
            if (seq <= to) apply(seq, message, time);
            if (seq >= to) resolve();
          } catch (error) {
            feed.close();
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        },
        // Messages of other journals, or superfluous ones.
        skip: () => undefined,
        broken: (reason) => reject(new Error(reason)),
      },
      subject,
    );
  });
  // It may fail before it is waited for.
  done.catch(() => undefined);
  try {
    await feed.open(link, query);
    await deadline.hold(done, () => 'it took too long');
  } finally {
    feed.close();
  }
}
