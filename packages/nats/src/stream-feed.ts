import { AckPolicy, DeliverPolicy, JsHeaders } from '@nats-io/jetstream';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Link } from './links/connection.js';

export interface StreamFeedEvents {
  /** The next message of the stream. `time`: when it was stored, the same on each server that has it. */
  deliver(seq: number, subject: string, message: Uint8Array, time: number): void;
  /** Messages behind the one that was delivered last are gone, up to before `seq`. */
  skip(seq: number): void;
  /** The feed has ended: open it again, after the last delivered message. */
  broken(reason: string): void;
}

const heartbeatMs = 500;
/** So long silent, the consumer is taken for gone. */
const silenceMs = 1500;
const nanosPerMs = 1e6;
/** Servers place a consumer of one replica where they like: with five of them this fails once in 10,000 times. */
const maxPlacements = 40;

interface FeedQuery {
  /** The last message of each subject alone. */
  readonly lastOfEach?: boolean;
  /** Messages come without their bodies. */
  readonly headersOnly?: boolean;
}

/**
 * Follows a stream, or a subject of it: each message once, in order. It reads from the leader of the stream as it was when it
 * was opened: a server that crashed may have messages for good that the others have not (seen with nats-server 2.9.10).
 */
export class StreamFeed {
  /** The last message that was delivered, or before which nothing is asked for. */
  position: number;
  /** The server that it reads from; undefined while it is closed, and where there is no cluster. */
  leader: string | undefined;
  readonly #stream: string;
  readonly #filter: string | undefined;
  readonly #events: StreamFeedEvents;
  #subscription: Subscription | undefined;
  #silence: NodeJS.Timeout | undefined;
  #remove: (() => void) | undefined;
  #delivered = 0;

  constructor(stream: string, position: number, events: StreamFeedEvents, filter?: string) {
    this.#stream = stream;
    this.position = position;
    this.#events = events;
    this.#filter = filter;
  }

  /** Opens after `position`. Returns how many messages there are. */
  async open(link: Link, query: FeedQuery = {}): Promise<number> {
    for (let tries = maxPlacements; tries > 0; tries--) {
      const pending = await this.#open(link, query);
      if (pending !== undefined) return pending;
    }
    throw new Error(`no consumer came to the leader of ${this.#stream}`);
  }

  /** Returns undefined when the consumer came to another server than the leader. */
  async #open(link: Link, { lastOfEach, headersOnly }: FeedQuery): Promise<number | undefined> {
    this.close();
    this.#delivered = 0;
    const { connection, jsm } = link;
    const inbox = link.newInbox();
    /** Messages that come before it is known where they come from: no more than the server sends without an answer. */
    let early: Msg[] | undefined = [];
    const subscription = connection.subscribe(inbox, {
      callback: (error, message) => {
        if (subscription !== this.#subscription) return;
        if (error) this.#break(error.message);
        else if (early) early.push(message);
        else this.#take(connection, message);
      },
    });
    this.#subscription = subscription;
    try {
      const {
        name,
        num_pending: pending,
        cluster,
      } = await jsm.consumers.add(this.#stream, {
        ...{ deliver_subject: inbox, ack_policy: AckPolicy.None, max_deliver: 1, mem_storage: true, num_replicas: 1 },
        ...(lastOfEach
          ? { deliver_policy: DeliverPolicy.LastPerSubject }
          : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: this.position + 1 }),
        ...{ idle_heartbeat: heartbeatMs * nanosPerMs, flow_control: true, inactive_threshold: 10_000 * nanosPerMs },
        ...(this.#filter !== undefined && { filter_subject: this.#filter }),
        ...(headersOnly && { headers_only: true }),
      });
      const remove = (): void => void jsm.consumers.delete(this.#stream, name).catch(() => undefined);
      if (subscription === this.#subscription) this.#remove = remove;
      else remove();
      const isPlaced = !cluster || cluster.leader === (await jsm.streams.info(this.#stream)).cluster?.leader;
      if (subscription !== this.#subscription) return pending;
      if (!isPlaced) {
        this.close();
        return undefined;
      }
      this.leader = cluster?.leader;
      this.#silence = setTimeout(() => this.#break('nothing was heard of its consumer'), silenceMs);
      const waiting = early;
      early = undefined;
      for (const message of waiting) if (subscription === this.#subscription) this.#take(connection, message);
      return pending;
    } catch (error) {
      if (subscription === this.#subscription) this.close();
      throw error;
    }
  }

  /** Says nothing more. */
  close(): void {
    clearTimeout(this.#silence);
    if (this.#subscription && !this.#subscription.isClosed()) this.#subscription.unsubscribe();
    this.#subscription = undefined;
    // The server removes its rest by itself, in 10 s.
    this.#remove?.();
    this.#remove = undefined;
    this.leader = undefined;
  }

  #break(reason: string): void {
    this.close();
    this.#events.broken(reason);
  }

  #take(connection: NatsConnection, message: Msg): void {
    this.#silence?.refresh();
    if (message.headers && message.headers.code > 0) return this.#control(connection, message);
    // $JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<time>.<pending>, or with two more
    // in front and one at the end.
    const tokens = message.reply!.split('.');
    const at = tokens.length === 9 ? 5 : 7;
    const seq = Number(tokens[at]);
    if (Number(tokens[at + 1]) !== this.#delivered + 1) return this.#break('a message was lost on the way');
    this.#delivered++;
    if (seq > this.position + 1) this.#events.skip(seq);
    this.position = seq;
    this.#events.deliver(seq, message.subject, message.data, Number(tokens[at + 2]));
  }

  #control(connection: NatsConnection, { headers, reply }: Msg): void {
    if (reply) connection.publish(reply);
    const stalled = headers!.get(JsHeaders.ConsumerStalledHdr);
    if (stalled) connection.publish(stalled);
    const delivered = headers!.get(JsHeaders.LastConsumerSeqHdr);
    if (delivered && Number(delivered) !== this.#delivered) this.#break('a message was lost on the way');
  }
}
