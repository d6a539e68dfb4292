import { AckPolicy, DeliverPolicy, JsHeaders } from '@nats-io/jetstream';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Link } from './links/connection.js';
import { firstOf } from './links/first-of.js';

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

/** A consumer that was sent to a server which is down is never heard of: another one is made after so long. */
const placementMs = 300;

/** A consumer on the leader of the stream. */
interface Placed {
  readonly subscription: Subscription;
  readonly leader: string | undefined;
  readonly early: Msg[];
  remove(): void;
}

export interface FeedQuery {
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
  readonly #stream: string;
  readonly #filter: string | undefined;
  readonly #events: StreamFeedEvents;
  /** Another one when it was closed, or opened again. */
  #opening: symbol | undefined;
  #placed: Placed | undefined;
  #silence: NodeJS.Timeout | undefined;
  #delivered = 0;

  constructor(stream: string, position: number, events: StreamFeedEvents, filter?: string) {
    this.#stream = stream;
    this.position = position;
    this.#events = events;
    this.#filter = filter;
  }

  /** The server that it reads from; undefined while it is closed, and where there is no cluster. */
  get leader(): string | undefined {
    return this.#placed?.leader;
  }

  /** Opens after `position`. */
  async open(link: Link, query: FeedQuery = {}): Promise<void> {
    this.close();
    const opening = (this.#opening = Symbol());
    const isClosed = (): boolean => opening !== this.#opening;
    const placed = await firstOf((isOver) => this.#place(link, query, () => isOver() || isClosed()), {
      max: maxPlacements,
      besideMs: placementMs,
    });
    if (isClosed()) return placed?.remove();
    if (!placed) throw new Error(`no consumer came to the leader of ${this.#stream}`);
    this.#delivered = 0;
    this.#placed = placed;
    this.#silence = setTimeout(() => this.#break('nothing was heard of its consumer'), silenceMs);
    for (const message of placed.early.splice(0)) if (this.#placed === placed) this.#take(link.connection, message);
  }

  /** Makes a consumer. Returns undefined when it came to another server than the leader, or is not wanted any more. */
  async #place(
    { connection, jsm, newInbox }: Link,
    { lastOfEach, headersOnly }: FeedQuery,
    isOver: () => boolean,
  ): Promise<Placed | undefined> {
    if (isOver()) return undefined;
    const inbox = newInbox();
    /** Messages before the consumer is used: no more than the server sends without an answer. */
    const early: Msg[] = [];
    const subscription = connection.subscribe(inbox, {
      callback: (error, message) => {
        if (this.#placed?.subscription !== subscription) return error ? undefined : void early.push(message);
        if (error) this.#break(error.message);
        else this.#take(connection, message);
      },
    });
    let name: string | undefined;
    const remove = (): void => {
      if (!subscription.isClosed()) subscription.unsubscribe();
      // The server removes its rest by itself, in 10 s.
      if (name !== undefined) void jsm.consumers.delete(this.#stream, name).catch(() => undefined);
    };
    try {
      const info = await jsm.consumers.add(this.#stream, {
        ...{ deliver_subject: inbox, ack_policy: AckPolicy.None, max_deliver: 1, mem_storage: true, num_replicas: 1 },
        ...(lastOfEach
          ? { deliver_policy: DeliverPolicy.LastPerSubject }
          : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: this.position + 1 }),
        ...{ idle_heartbeat: heartbeatMs * nanosPerMs, flow_control: true, inactive_threshold: 10_000 * nanosPerMs },
        ...(this.#filter !== undefined && { filter_subject: this.#filter }),
        ...(headersOnly && { headers_only: true }),
      });
      name = info.name;
      const leader = info.cluster?.leader;
      const isPlaced = !info.cluster || leader === (await jsm.streams.info(this.#stream)).cluster?.leader;
      if (isPlaced && !isOver()) return { subscription, leader, early, remove };
    } catch (error) {
      remove();
      throw error;
    }
    remove();
    return undefined;
  }

  /** Says nothing more. */
  close(): void {
    clearTimeout(this.#silence);
    this.#opening = undefined;
    this.#placed?.remove();
    this.#placed = undefined;
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
