import type { Link } from './connection.js';
import type { Deadline } from './deadline.js';
import { Feed } from './feed.js';

export interface JournalRange {
  readonly stream: string;
  readonly subject: string;
  readonly after: number;
  /** There is such a message. */
  readonly to: number;
}

/** Reads the messages of a journal from behind `after` up to `to`, those that there are. */
export async function readJournal(
  link: Link,
  { stream, subject, after, to }: JournalRange,
  apply: (seq: number, message: Uint8Array) => void,
  deadline: Deadline,
): Promise<void> {
  let feed!: Feed;
  const done = new Promise<void>((resolve, reject) => {
    feed = new Feed(
      stream,
      after,
      {
        deliver(seq, _, message) {
          try {
            if (seq <= to) apply(seq, message);
            if (seq >= to) resolve();
          } catch (error) {
            feed.close();
            reject(error as Error);
          }
        },
        // Messages of other journals.
        skip: () => undefined,
        broken: (reason) => reject(new Error(reason)),
      },
      subject,
    );
  });
  // It may fail before it is waited for.
  done.catch(() => undefined);
  try {
    await feed.open(link);
    await deadline.hold(done, () => 'it took too long');
  } finally {
    feed.close();
  }
}
