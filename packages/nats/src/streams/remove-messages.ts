import { JetStreamApiError } from '@nats-io/jetstream';
import type { Link } from '../links/connection.js';
import { readTimes } from './read-journal.js';

/** Requests at a time. */
const removedTogether = 64;
/** The servers' error for a message that is not there: another node was faster. */
const messageDeleteFailed = 10_057;

/**
 * Removes the messages of a journal before that of number `before`, which is there. A purge is one request, but in a
 * cluster whose servers crash it takes messages of other subjects along (`findings/`, nats-server 2.9.10).
 */
export async function removeBefore(
  link: Link,
  journal: { readonly stream: string; readonly subject: string; readonly replicas: number },
  before: number,
): Promise<void> {
  const { stream, subject, replicas } = journal;
  if (replicas === 1) {
    await link.jsm.streams.purge(stream, { filter: subject, seq: before });
    return;
  }
  const seqs: number[] = [];
  await readTimes(link, { stream, subject, after: 0, to: before }, (seq) => {
    if (seq < before) seqs.push(seq);
  });
  await removeMessages(link, stream, seqs);
}

/** Removes messages by their numbers, as far as they are there. */
export async function removeMessages({ jsm }: Link, stream: string, seqs: readonly number[]): Promise<void> {
  for (let at = 0; at < seqs.length; at += removedTogether) {
    await Promise.all(
      seqs.slice(at, at + removedTogether).map(async (seq) => {
        try {
          await jsm.streams.deleteMessage(stream, seq, false);
        } catch (error) {
          if (!(error instanceof JetStreamApiError) || error.code !== messageDeleteFailed) throw error;
        }
      }),
    );
  }
}
