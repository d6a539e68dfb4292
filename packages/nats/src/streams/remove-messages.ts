import { JetStreamApiError, type StreamConfig } from '@nats-io/jetstream';
import type { Link } from '../links/connection.js';
import { readTimes } from './read-journal.js';

/** Requests at a time. */
const removedTogether = 64;
/** The servers' error for a message that is not there: another node was faster. */
const messageDeleteFailed = 10_057;

/** A checkpoint covers the journal up to this message. */
interface Purge {
  readonly subject: string;
  readonly covers: number;
  /** Nothing of it may stay on the disks. */
  readonly erase: boolean;
  readonly at: number;
}

/** Messages that checkpoints made superfluous, until their time has come. */
export class Purges {
  #waiting: Purge[] = [];

  add(purge: Purge): void {
    this.#waiting.push(purge);
  }

  /** Those of which the time has come by `now`; they wait no more. */
  takeDue(now: number): readonly Purge[] {
    const due = this.#waiting.filter(({ at }) => at <= now);
    if (due.length > 0) this.#waiting = this.#waiting.filter(({ at }) => at > now);
    return due;
  }

  clear(): void {
    this.#waiting = [];
  }
}

export async function removeCovered(
  link: Link,
  { name, num_replicas: replicas }: Pick<StreamConfig, 'name' | 'num_replicas'>,
  due: readonly Purge[],
): Promise<void> {
  for (const { subject, covers, erase } of due)
    await removeBefore(link, { stream: name, subject, replicas }, covers, erase);
}

/**
 * Removes the messages of a journal before that of number `before`, which is there. A purge is one request, but in a
 * cluster whose servers crash it takes messages of other subjects along (`findings/`, nats-server 2.9.10). `erase` overwrites them on
 * the disks of the servers, which a purge does not.
 */
async function removeBefore(
  link: Link,
  journal: { readonly stream: string; readonly subject: string; readonly replicas: number },
  before: number,
  erase: boolean,
): Promise<void> {
  const { stream, subject, replicas } = journal;
  if (replicas === 1 && !erase) {
    await link.jsm.streams.purge(stream, { filter: subject, seq: before });
    return;
  }
  const seqs: number[] = [];
  await readTimes(link, { stream, subject, after: 0, to: before }, (seq) => {
    if (seq < before) seqs.push(seq);
  });
  await removeMessages(link, stream, seqs, erase);
}

/** Removes messages by their numbers, as far as they are there. */
export async function removeMessages(
  { jsm }: Link,
  stream: string,
  seqs: readonly number[],
  erase = false,
): Promise<void> {
  for (let at = 0; at < seqs.length; at += removedTogether) {
    await Promise.all(
      seqs.slice(at, at + removedTogether).map(async (seq) => {
        try {
          await jsm.streams.deleteMessage(stream, seq, erase);
        } catch (error) {
          if (!(error instanceof JetStreamApiError) || error.code !== messageDeleteFailed) throw error;
        }
      }),
    );
  }
}
