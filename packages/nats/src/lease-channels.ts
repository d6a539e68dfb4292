import type { Subscription } from '@nats-io/transport-node';
import type { Link } from './links/connection.js';
import { type Deadline, delay, reasonOf } from './links/deadline.js';
import { StreamFeed } from './stream-feed.js';
import { type Names, channelOf, hash } from './names.js';
import { removeMessages } from './streams/remove-messages.js';

export interface LeaseChannelsHost {
  readonly names: Names;
  readonly node: string;
  /** By the lease clock of this node. */
  elapsed(): number;
  /** The connection, while it stands. */
  link(): Link | undefined;
  reach(deadline: Deadline): Promise<Link>;
}

/** A node not heard of for so long sees to nothing. */
const nodeGoneMs = 5000;
/** So long a node that has just started waits to hear of the others. */
const listenMs = 2500;
const removed = 'removed';
const retryMs = 200;

/**
 * Which channels have entries with an end, and which node sees to each, so that they end even if all who wrote them are gone. That
 * two nodes see to one does no harm: the journal says what has ended.
 */
export class LeaseChannels {
  readonly #host: LeaseChannelsHost;
  /** The place of its message in the stream, by channel. */
  readonly #channels = new Map<string, number>();
  /** Without an end to come any more, to be forgotten by the stream too. */
  readonly #removals = new Map<string, { readonly seq: number; readonly at: number }>();
  readonly #heard = new Map<string, number>();
  readonly #startedAt: number;
  #ours = new Set<string>();
  #nodes = '';
  #closed = false;
  #feed: StreamFeed | undefined;
  #subscription: Subscription | undefined;

  constructor(host: LeaseChannelsHost) {
    this.#host = host;
    this.#startedAt = host.elapsed();
  }

  async resume(link: Link): Promise<void> {
    const { names, node } = this.#host;
    this.#feed?.close();
    this.#channels.clear();
    const events = {
      deliver: (seq: number, subject: string, message: Uint8Array) => this.#learn(seq, subject, message),
      skip: () => undefined,
      broken: () => void this.#recover(),
    };
    this.#feed = new StreamFeed(names.meta, 0, events, names.leases);
    await this.#feed.open(link, { lastOfEach: true });
    if (this.#subscription && !this.#subscription.isClosed()) return;
    this.#subscription = link.connection.subscribe(names.nodes, {
      callback: (error, message) => {
        const id = error ? node : message.string();
        if (id !== node) this.#heard.set(id, this.#host.elapsed());
      },
    });
  }

  /** The feed alone broke; where the connection did, `resume` is called. */
  async #recover(): Promise<void> {
    for (let link = this.#host.link(); link && !this.#closed; link = this.#host.link()) {
      try {
        return await this.resume(link);
      } catch {
        await delay(retryMs);
      }
    }
  }

  /** MUST be called before something is appended that has an end. */
  async guard(channel: string, deadline: Deadline): Promise<void> {
    if (this.#channels.has(channel)) return;
    const link = await this.#host.reach(deadline);
    try {
      const { seq } = await link.js.publish(this.#host.names.lease(channel), '', {
        timeout: Math.max(1, deadline.leftMs),
      });
      this.#keep(channel, seq);
    } catch (error) {
      throw new Error(`That '${channel}' has leases could not be stored in NATS: ${reasonOf(error)}.`, {
        cause: error,
      });
    }
  }

  has(channel: string): boolean {
    return this.#channels.has(channel);
  }

  /** This node sees to it. */
  isOurs(channel: string): boolean {
    return this.#ours.has(channel);
  }

  /** Those that this node sees to. */
  get ours(): ReadonlySet<string> {
    return this.#ours;
  }

  /** Called every second: tells the other nodes that this one is there, and hears which are not. */
  beat({ connection }: Link): void {
    const { node, names } = this.#host;
    const now = this.#host.elapsed();
    connection.publish(names.nodes, node);
    for (const [id, at] of this.#heard) if (now - at > nodeGoneMs) this.#heard.delete(id);
    if (now - this.#startedAt < listenMs) return;
    const nodes = [node, ...this.#heard.keys()].toSorted().join(' ');
    if (nodes === this.#nodes) return;
    this.#nodes = nodes;
    this.#ours = new Set([...this.#channels.keys()].filter((channel) => this.#isKeeper(channel)));
  }

  /** No entry of it has an end any more. */
  async remove(link: Link, channel: string): Promise<void> {
    const { seq } = await link.js.publish(this.#host.names.lease(channel), removed);
    this.#removals.set(channel, { seq, at: this.#host.elapsed() });
  }

  /** By now all nodes have heard of it. */
  async sweep(link: Link, afterMs: number): Promise<void> {
    for (const [channel, { seq, at }] of this.#removals) {
      if (this.#host.elapsed() - at < afterMs) continue;
      this.#removals.delete(channel);
      await removeMessages(link, this.#host.names.meta, [seq]);
    }
  }

  close(): void {
    this.#closed = true;
    this.#feed?.close();
    if (this.#subscription && !this.#subscription.isClosed()) this.#subscription.unsubscribe();
  }

  #learn(seq: number, subject: string, message: Uint8Array): void {
    const channel = channelOf(subject);
    if (message.length === 0) this.#keep(channel, seq);
    else if (seq > (this.#channels.get(channel) ?? 0)) {
      this.#channels.delete(channel);
      this.#ours.delete(channel);
    }
  }

  #keep(channel: string, seq: number): void {
    if (seq < (this.#channels.get(channel) ?? 0)) return;
    this.#channels.set(channel, seq);
    if (this.#nodes !== '' && this.#isKeeper(channel)) this.#ours.add(channel);
  }

  /** The node with the highest hash: where one goes, only its channels change hands. */
  #isKeeper(channel: string): boolean {
    const own = hash(`${this.#host.node} ${channel}`);
    for (const id of this.#heard.keys()) {
      const other = hash(`${id} ${channel}`);
      if (other > own || (other === own && id > this.#host.node)) return false;
    }
    return true;
  }
}
