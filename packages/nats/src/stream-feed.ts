import { AckPolicy, DeliverPolicy, JsHeaders } from '@nats-io/jetstream';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Link } from './links/connection.js';

export interface StreamFeedEvents {
  /** The next message of the stream. */
  deliver(seq: number, subject: string, message: Uint8Array): void;
  /** Messages behind the one that was delivered last are gone, up to before `seq`. */
  skip(seq: number): void;
  /** The feed has ended: open it again, after the last delivered message. */
  broken(reason: string): void;
}

const heartbeatMs = 500;
/** So long silent, the consumer is taken for gone. */
const silenceMs = 1500;
const nanosPerMs = 1e6;

/** Follows a stream, or a subject of it: each message once, in order. */
export class StreamFeed {
  /** The last message that was delivered, or before which nothing is asked for. */
  position: number;
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
  async open(link: Link, { lastOfEach = false } = {}): Promise<number> {
    this.close();
    this.#delivered = 0;
    const { connection, jsm } = link;
    const inbox = link.newInbox();
    const subscription = connection.subscribe(inbox, {
      callback: (error, message) => {
        if (subscription !== this.#subscription) return;
        if (error) this.#break(error.message);
        else this.#take(connection, message);
      },
    });
    this.#subscription = subscription;
    try {
      const { name, num_pending: pending } = await jsm.consumers.add(this.#stream, {
        ...{ deliver_subject: inbox, ack_policy: AckPolicy.None, max_deliver: 1, mem_storage: true, num_replicas: 1 },
        ...(lastOfEach
          ? { deliver_policy: DeliverPolicy.LastPerSubject }
          : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: this.position + 1 }),
        ...{ idle_heartbeat: heartbeatMs * nanosPerMs, flow_control: true, inactive_threshold: 10_000 * nanosPerMs },
        ...(this.#filter !== undefined && { filter_subject: this.#filter }),
      });
      const remove = (): void => void jsm.consumers.delete(this.#stream, name).catch(() => undefined);
      if (subscription === this.#subscription) {
        this.#remove = remove;
        this.#silence = setTimeout(() => this.#break('nothing was heard of its consumer'), silenceMs);
      } else remove();
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
    this.#events.deliver(seq, message.subject, message.data);
  }

  #control(connection: NatsConnection, { headers, reply }: Msg): void {
    if (reply) connection.publish(reply);
    const stalled = headers!.get(JsHeaders.ConsumerStalledHdr);
    if (stalled) connection.publish(stalled);
    const delivered = headers!.get(JsHeaders.LastConsumerSeqHdr);
    if (delivered && Number(delivered) !== this.#delivered) this.#break('a message was lost on the way');
  }
}
