import { JetStreamApiError } from '@nats-io/jetstream';
import type { Link } from './links/connection.js';
import { type Deadline, delay, reasonOf } from './links/deadline.js';
import type { Applied } from './streams/model.js';
import { type JournalRecord, cutRecord, encodeRecord, versionOf } from './streams/record.js';

/** The parts of a channel and of the node that the writer uses. */
export interface JournalHost {
  readonly channel: string;
  readonly subject: string;
  /** This node, as a writer of journals. */
  readonly writer: string;
  nextNumber(): number;
  reach(deadline: Deadline): Promise<Link>;
  /** Resolves with what the message of that number did, when it comes in the journal. */
  expectOwn(number: number): Promise<Applied>;
  forgetOwn(number: number): void;
  /** The journal has it, as its message of that number: it comes here soon. */
  expect(seq: number): void;
}

interface WriteOptions {
  readonly leases?: boolean;
  /** Asked for each message of the record. */
  deadline(): Deadline;
}

const attemptMs = 700;
const pauseMs = 50;

/** Writes records into the journal of one channel. */
export class JournalWriter {
  readonly #host: JournalHost;

  constructor(host: JournalHost) {
    this.#host = host;
  }

  /** Resolves with the effect of the record, when it has come back in the order of the journal. There MUST be a model. */
  async write(record: JournalRecord, { leases = false, deadline }: WriteOptions): Promise<Applied> {
    const host = this.#host;
    const { maxBytes } = await host.reach(deadline());
    const options = { leases, version: versionOf(record), maxBytes };
    let applied: Applied | undefined;
    for (const { number, message } of cutRecord(encodeRecord(record), host.writer, () => host.nextNumber(), options)) {
      applied = await this.#publish(number, message, deadline());
    }
    return applied!;
  }

  /**
   * Until it comes in the journal. It is sent again if it may have been lost: a second copy has no effect, even if it
   * comes after later records of this node.
   */
  async #publish(number: number, message: Uint8Array, deadline: Deadline): Promise<Applied> {
    const host = this.#host;
    let trouble = 'no answer came';
    const come = host.expectOwn(number);
    const unknown = () =>
      `Whether '${host.channel}' has it is not known, ${trouble}: try again, it is stored once if it names its producer.`;
    try {
      for (;;) {
        const link = await host.reach(deadline);
        const timeout = Math.ceil(Math.min(attemptMs, Math.max(1, deadline.leftMs)));
        try {
          const first = await Promise.race([come, link.js.publish(host.subject, message, { timeout })]);
          if ('outcomes' in first) return first;
          host.expect(first.seq);
          return await deadline.hold(come, unknown);
        } catch (error) {
          if (error instanceof JetStreamApiError && error.status !== 503) throw refusal(host.channel, error);
          trouble = reasonOf(error);
          if (deadline.over) throw new Error(unknown(), { cause: error });
          await deadline.hold(Promise.race([come, delay(pauseMs)]), unknown);
        }
      }
    } finally {
      host.forgetOwn(number);
    }
  }
}

function refusal(channel: string, error: JetStreamApiError): Error {
  return new Error(`JetStream does not store for '${channel}': ${error.message}. See to its limits and its disk.`, {
    cause: error,
  });
}
