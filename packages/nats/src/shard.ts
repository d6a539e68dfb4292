import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { StreamInfo } from '@nats-io/jetstream';
import type { Durability } from '@longwave/protocol';
import { type Agreed, isStreamNotFound, wantedJournal } from './streams/agreement.js';
import { Channel, type ChannelHost, type ChannelStream } from './channel.js';
import { Checkpoints, purgeAfterMs } from './streams/checkpoints.js';
import type { Link } from './links/connection.js';
import { type Deadline, delay, reasonOf } from './links/deadline.js';
import { type Begun, Eras } from './streams/eras.js';
import { StreamFeed } from './stream-feed.js';
import { JournalCount } from './streams/journal-count.js';
import type { JournalHole } from './streams/journal-hole.js';
import type { Era } from './streams/model.js';
import type { Names } from './names.js';
import { RecentMessages } from './recent-messages.js';
import { readTimes } from './streams/read-journal.js';
import type { ModelSource } from './streams/read-model.js';
import { Purges, removeCovered } from './streams/remove-messages.js';
import { hasLeases } from './streams/record.js';
import { faultOf, identityOf, levelOf } from './streams/stream-config.js';
import { WrittenSubjects } from './streams/written-subjects.js';

/** The part of the store that a shard uses. */
export interface ShardHost extends ChannelHost {
  readonly names: Names;
  /** The servers write to the disk before they acknowledge. */
  isSynced(): boolean;
  /** Rejects when the deployment is another one than `agreement` by now. */
  requireAgreement(link: Link, agreement: string): Promise<void>;
  /** The connection, while it stands. */
  link(): Link | undefined;
  /** Something that was acknowledged is gone. */
  lost(message: string): void;
  /** The streams are not what they were. */
  refresh(why?: string): void;
  /** A channel that this node has no model of got entries with an end. */
  seenLeases(subject: string): void;
}

const recentMessages = 4096;
/** A message that the stream has should have come in this time, over a slow link too. */
const overdueMs = 1500;
const retryMs = 200;
const shortMs = 5000;

/** The stream as it was found when the node began to follow it. */
interface Followed {
  readonly source: ModelSource;
  readonly eras: Eras;
  readonly journals: JournalCount;
  readonly feed: StreamFeed;
  readonly identity: string;
  readonly agreement: string;
  /** Its last new beginning, if it had one. */
  readonly begun: Begun | undefined;
}

/**
 * One of the streams that the channels are spread over: follows it, from the moment that the node starts, and hands each message
 * to its channel, if this node has that.
 */
export class Shard implements ChannelStream {
  readonly channels = new Map<string, Channel>();
  readonly #index: number;
  readonly #host: ShardHost;
  readonly #recent = new RecentMessages(recentMessages);
  /** Undefined until the stream was found for the first time. */
  #followed: Followed | undefined;
  #level: Durability = 'memory';
  readonly #written = new WrittenSubjects();
  #beginning = false;
  #replicas = 1;
  #suspect: { readonly since: number; last: number } | undefined;
  #waiting: { readonly seq: number; readonly resolve: () => void }[] = [];
  #asked: Promise<number> | undefined;
  #askNext: Promise<number> | undefined;
  readonly #purges = new Purges();
  #recovering = false;
  #shortSince: number | undefined;
  /** The leader that had all up to a position, while the feed is not open. */
  #compared: string | undefined;
  #closed = false;

  constructor(index: number, host: ShardHost) {
    this.#index = index;
    this.#host = host;
  }

  get source(): ModelSource {
    return this.#known.source;
  }

  /** Asked for only after `resume`. */
  get #known(): Followed {
    if (!this.#followed) throw new Error('The stream is not followed yet.');
    return this.#followed;
  }

  channel(name: string): Channel {
    const names = this.#host.names.of(name, this.#index);
    let channel = this.channels.get(names.journal);
    if (!channel) this.channels.set(names.journal, (channel = new Channel(name, names, this, this.#host)));
    return channel;
  }

  find(name: string): Channel | undefined {
    return this.channels.get(this.#host.names.of(name, this.#index).journal);
  }

  drop(channel: Channel): void {
    this.channels.delete(channel.names.journal);
    channel.drop();
  }

  /** Goes on where it stood: nothing is missed, or the channels learn that something was. */
  async resume(link: Link, agreed: Agreed): Promise<void> {
    this.#followed?.feed.close();
    const { names } = this.#host;
    const written = this.#written.count;
    const info = await link.jsm.streams.info(names.journal(this.#index));
    this.#level = levelOf(info, this.#host.isSynced());
    // Where the agreement was lost, so was all else.
    const isKnown = identityOf(info) === this.#followed?.identity && agreed.id === this.#followed.agreement;
    const isBegun = isKnown && (await this.#known.eras.read(link)).begun?.id === this.#known.begun?.id;
    if (isBegun) await this.#findLoss(link, info);
    else await this.#begin(link, info, agreed);
    const now = isBegun ? info : await this.#known.journals.compare(link, info);
    await this.#requireWhole(link, now, isBegun ? written : this.#known.journals.known);
    if (!this.#closed) await this.#openFeed(link);
  }

  async #openFeed(link: Link): Promise<void> {
    await this.#known.feed.open(link);
    this.#compared = undefined;
  }

  /** The failure that an operation survives that the stream acknowledges now. */
  get level(): Durability {
    return this.#level;
  }

  /** Called every other second: notices what was done to the stream, or by another node. Rejects when it cannot be asked. */
  async inspect(link: Link): Promise<void> {
    const { journals } = this.#known;
    const written = Math.max(this.#written.count, journals.known);
    // Until the answer is here the feed may be further than it says.
    const { position } = this.#known.feed;
    const info = await link.jsm.streams.info(this.#known.source.stream);
    this.#level = levelOf(info, this.#host.isSynced());
    const fault = faultOf(info.config, wantedJournal(this.#host.names, this.#index));
    const { begun, eras } = await this.#known.eras.read(link);
    if (fault !== undefined) this.#host.refresh(fault);
    else if (identityOf(info) !== this.#known.identity) this.#host.refresh();
    else if (begun?.id !== this.#known.begun?.id) this.#host.refresh(`${this.#known.source.stream} began anew`);
    else if (eras.length > this.#known.source.eras.length || info.state.last_seq < position) this.#host.refresh();
    else {
      await this.#requireWhole(link, info, written);
      if (journals === this.#known.journals) await journals.keep(link, info.state.num_subjects ?? 0);
      this.#followLeader(info);
    }
  }

  /** Another server leads the stream: whether it has what came from the one before is looked at before it is followed. */
  #followLeader({ cluster }: StreamInfo): void {
    const { leader } = this.#known.feed;
    if (leader !== undefined && cluster?.leader !== undefined && cluster.leader !== leader) void this.#recover();
  }

  /** A log that this node did not know. */
  async #begin(link: Link, info: StreamInfo, agreed: Agreed): Promise<void> {
    const { config, state } = info;
    const identity = identityOf(info);
    const { names } = this.#host;
    const { id, maxProducers } = agreed;
    const first = digest(`${id} ${config.name} ${identity}`);
    const record = new Eras(names, this.#index, first);
    const { begun, eras } = await record.read(link);
    const epoch = begun ? digest(`${first} ${begun.id}`) : first;
    const after = begun?.after ?? Math.min(agreed.after?.[this.#index] ?? 0, state.last_seq);
    const checkpoints = new Checkpoints(names.meta, epoch, (over) => this.#host.requireAgreement(over, id));
    const isWritten = (subject: string): boolean => this.#written.has(subject);
    const source = {
      ...{ stream: config.name, epoch, after, eras, checkpoints, maxProducers },
      ...{ isWritten, elapsed: () => this.#host.elapsed() },
    };
    await this.#written.read(link, config.name, after === 0);
    const journals = new JournalCount(names, this.#index, epoch);
    this.#follow({ source, eras: record, journals, identity, agreement: id, begun }, state.last_seq);
  }

  /** Before this node goes: nobody else may know of the journals that were begun a moment ago. */
  async keepCount(link: Link): Promise<void> {
    await this.#followed?.journals.keep(link, this.#written.count);
  }

  /**
   * The last message of a journal is never removed by a node: where one is gone, others may be that nobody can name. `written`:
   * journals that there were before `info` was asked for.
   */
  async #requireWhole(link: Link, { config, state }: StreamInfo, written: number): Promise<void> {
    const isEmptied = state.messages === 0 && state.last_seq > this.#known.source.after;
    this.#replicas = config.num_replicas;
    if (isEmptied || (state.num_subjects ?? 0) < written)
      await this.#beginAnew(link, 'messages that nodes had stored are gone');
  }

  holed(error: JournalHole): void {
    const link = this.#host.link();
    if (link) void this.#beginAnew(link, error.message).catch(() => undefined);
  }

  /** Nobody can tell which operations the journals still have: all of them begin anew, in another epoch. */
  async #beginAnew(link: Link, why: string): Promise<void> {
    if (this.#beginning || !this.#isCertain()) return;
    this.#beginning = true;
    try {
      const { stream } = this.#known.source;
      const info = await link.jsm.streams.info(stream);
      if (identityOf(info) === this.#known.identity) {
        const begun = { id: this.#host.newId(), after: info.state.last_seq };
        await this.#known.eras.begin(link, this.#known.begun, begun);
        this.#host.lost(
          `Something was removed from the stream ${stream} by hand or by its limits (${why}): its channels begin anew, and their subscribers are told so.`,
        );
      }
    } finally {
      this.#beginning = false;
    }
    this.#host.refresh(`${this.#known.source.stream} began anew`);
  }

  /** The end of the stream may have been lost since, with its server's memory or the pages that it had not written. */
  async #findLoss(link: Link, info: StreamInfo): Promise<void> {
    const { config, state } = info;
    const source = this.#known.source;
    let { eras } = await this.#known.eras.read(link);
    const survived = await this.#recent.findLost(async (seq) => {
      const message = await link.jsm.streams.getMessage(config.name, { seq });
      return message?.data ?? (seq <= state.last_seq ? 'removed' : 'missing');
    });
    const { position } = this.#known.feed;
    const isShort = state.last_seq < position;
    if (!isShort) this.#shortSince = undefined;
    else if (config.num_replicas > 1) this.#requireStill();
    const replaced = await this.#findReplaced(link, info);
    const kept = Math.min(survived ?? Infinity, isShort ? state.last_seq : Infinity, replaced - 1);
    const after = kept === Infinity ? undefined : kept;
    if (after !== undefined) eras = await this.#known.eras.end(link, source.eras, { after, id: this.#host.newId() });
    if (eras.length === source.eras.length) return;
    this.#changeEra(
      eras,
      Math.min(position, after ?? position, ...eras.slice(source.eras.length).map((era) => era.after)),
    );
  }

  /** The first message that is another one now than it was when it came here; infinite when there is none. */
  async #findReplaced(link: Link, { cluster, state }: StreamInfo): Promise<number> {
    const { source, feed } = this.#known;
    // While the feed cannot be opened nothing comes: once is enough.
    const compared = `${cluster?.leader} ${feed.position}`;
    if (this.#compared === compared) return Infinity;
    const replaced = await this.#recent.findReplaced(async (after, wanted, take) => {
      const { stream } = source;
      // Somebody may have removed the last ones: that is noticed by their journals.
      if (state.last_seq === 0 || !(await link.jsm.streams.getMessage(stream, { seq: state.last_seq }))) return;
      await readTimes(link, { stream, after, to: Math.min(wanted, state.last_seq) }, take);
    });
    if (replaced === undefined) this.#compared = compared;
    return replaced ?? Infinity;
  }

  /** A new leader of a stream may answer before it has all that was acknowledged: only one that stays short has lost it. */
  #requireStill(): void {
    this.#shortSince ??= performance.now();
    if (performance.now() - this.#shortSince < shortMs)
      throw new Error(`${this.#known.source.stream} is not up to date yet`);
    this.#shortSince = undefined;
  }

  /** A new leader may lack for a while what it will have: only what stays away, again and again, is gone. */
  #isCertain(): boolean {
    const now = performance.now();
    if (this.#replicas === 1) return true;
    if (this.#suspect === undefined || now - this.#suspect.last > 2 * shortMs)
      this.#suspect = { since: now, last: now };
    else this.#suspect.last = now;
    return now - this.#suspect.since > shortMs;
  }

  #changeEra(eras: readonly Era[], position: number): void {
    const source = { ...this.#known.source, eras };
    this.#host.lost(
      `NATS lost the end of ${source.stream}, or has other messages there by now: who had them is told so.`,
    );
    this.#follow({ ...this.#known, source }, position);
  }

  #follow(found: Omit<Followed, 'feed'>, position: number): void {
    const feed = new StreamFeed(found.source.stream, position, {
      deliver: (seq, subject, message, time) => this.#deliver(seq, subject, message, time),
      skip: () => {
        for (const channel of this.channels.values()) channel.unsettle(true);
      },
      broken: () => void this.#recover(),
    });
    this.#followed = { ...found, feed };
    this.#recent.clear();
    this.#purges.clear();
    for (const channel of this.channels.values()) channel.unsettle(false);
    // They may wait for a message that never comes: they read anew.
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  #deliver(seq: number, subject: string, message: Uint8Array, time: number): void {
    this.#recent.add(seq, message, time);
    this.#written.add(subject);
    const channel = this.channels.get(subject);
    if (channel) channel.deliver(seq, message);
    else if (hasLeases(message)) this.#host.seenLeases(subject);
    if (this.#waiting.length === 0) return;
    const reached = this.#waiting.filter((waiting) => waiting.seq <= seq);
    if (reached.length === 0) return;
    this.#waiting = this.#waiting.filter((waiting) => waiting.seq > seq);
    for (const { resolve } of reached) resolve();
  }

  /** The feed alone broke; where the connection did, `resume` is called. */
  async #recover(): Promise<void> {
    if (this.#recovering) return;
    this.#recovering = true;
    try {
      for (let link = this.#host.link(); link && !this.#closed; link = this.#host.link()) {
        try {
          this.#known.feed.close();
          const info = await link.jsm.streams.info(this.#known.source.stream);
          if (identityOf(info) !== this.#known.identity) return this.#host.refresh();
          await this.#findLoss(link, info);
          if (!this.#closed && link === this.#host.link()) await this.#openFeed(link);
          return;
        } catch (error) {
          if (isStreamNotFound(error)) return this.#host.refresh();
          await delay(retryMs);
        }
      }
    } finally {
      this.#recovering = false;
    }
  }

  async barrier(deadline: Deadline): Promise<void> {
    const late = (): string => `NATS does not bring ${this.#known.source.stream} up to date in time.`;
    await this.#host.reach(deadline);
    const seq = await deadline.hold(this.#askSeq(), late);
    if (seq <= this.#known.feed.position) return;
    this.expect(seq);
    await deadline.hold(new Promise<void>((resolve) => this.#waiting.push({ seq, resolve })), late);
  }

  /** One question at a time, which serves all who came before it was asked. */
  #askSeq(): Promise<number> {
    if (!this.#asked) return (this.#asked = this.#ask());
    this.#askNext ??= this.#asked
      .catch(() => undefined)
      .then(() => {
        this.#asked = this.#askNext;
        this.#askNext = undefined;
        return this.#ask();
      });
    return this.#askNext;
  }

  async #ask(): Promise<number> {
    try {
      const link = this.#host.link();
      if (!link) throw new Error('NATS cannot be reached.');
      // As it is now: until the answer is here the feed may be further than it says.
      const { position } = this.#known.feed;
      const info = await link.jsm.streams.info(this.#known.source.stream);
      const { state } = info;
      if (identityOf(info) !== this.#known.identity || state.last_seq < position) {
        void this.#recover();
        throw new Error(`${this.#known.source.stream} is not what it was: it is read anew.`);
      }
      return state.last_seq;
    } catch (error) {
      if (isStreamNotFound(error)) this.#host.refresh();
      throw new Error(`NATS does not say where ${this.#known.source.stream} stands: ${reasonOf(error)}`, {
        cause: error,
      });
    } finally {
      if (!this.#askNext) this.#asked = undefined;
    }
  }

  expect(seq: number): void {
    const { position } = this.#known.feed;
    if (position >= seq) return;
    setTimeout(() => {
      if (!this.#closed && this.#known.feed.position === position) void this.#recover();
    }, overdueMs).unref();
  }

  purgeLater(subject: string, covers: number, erase: boolean): void {
    this.#purges.add({ subject, covers, erase, at: this.#host.elapsed() + purgeAfterMs });
  }

  /** Frees what checkpoints made superfluous. */
  async purge(link: Link): Promise<void> {
    const due = this.#purges.takeDue(this.#host.elapsed());
    if (due.length === 0) return;
    // The numbers are those of this stream, not of one that took its place.
    const info = await link.jsm.streams.info(this.#known.source.stream);
    if (identityOf(info) !== this.#known.identity) return this.#host.refresh();
    await removeCovered(link, info.config, due);
  }

  close(): void {
    this.#closed = true;
    this.#followed?.feed.close();
    for (const channel of this.channels.values()) channel.drop();
    this.channels.clear();
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
