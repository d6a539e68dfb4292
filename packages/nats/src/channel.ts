import { performance } from 'node:perf_hooks';
import type { Compaction, Watcher } from '@longwave/core';
import { type AppendHost, AppendQueue } from './append-queue.js';
import { JournalWriter } from './journal-writer.js';
import type { Link } from './links/connection.js';
import { purgeAfterMs } from './streams/checkpoints.js';
import { Deadline, reasonOf } from './links/deadline.js';
import { JournalHole, requireWhole } from './streams/journal-hole.js';
import type { Applied, Model } from './streams/model.js';
import type { ChannelNames } from './names.js';
import type { JournalPlace } from './streams/record.js';
import { type ModelSource, readModel } from './streams/read-model.js';
import type { Semaphore } from './links/semaphore.js';

/** The part of its shard that a channel uses. */
export interface ChannelHost {
  readonly writer: string;
  readonly timeoutMs: number;
  readonly checkpointBytes: number;
  /** Channels of this node that are read at a time. */
  readonly loads: Semaphore;
  nextNumber(): number;
  now(): number;
  /** By the lease clock of this node. */
  elapsed(): number;
  newId(): string;
  reach(deadline: Deadline): Promise<Link>;
  guardLeases(channel: string, deadline: Deadline): Promise<void>;
  hold(bytes: number): void;
  release(bytes: number): void;
  failed(message: string, cause: unknown): void;
}

/** The stream that holds the journal of a channel. */
export interface ChannelStream {
  /** Another one when the stream began anew. */
  readonly source: ModelSource;
  /** All that the journal of the channel holds now has been delivered here. */
  barrier(deadline: Deadline): Promise<void>;
  /** The journal up to before `covers` is superfluous. `erase`: nothing of it may stay on the disks. */
  purgeLater(subject: string, covers: number, erase: boolean): void;
  /** The journal has a message of this channel with that number: it MUST come here soon. */
  expect(seq: number): void;
  /** The channel cannot be read: a part of its journal was removed. */
  holed(error: JournalHole): void;
}

interface Arrived {
  readonly seq: number;
  readonly message: Uint8Array;
}

/**
 * To read a channel. The caller may have gone by then: the next one finds the model, or goes on where this load
 * stopped.
 */
const loadMs = 7_000;
const reloadMs = 500;
/** A read that took less than this has no gaps: nothing that it needed was purged meanwhile. */
const soundMs = purgeAfterMs - 1000;

/** A channel as this node has it: a model that follows the journal, from the first use of it until it is dropped. */
export class Channel {
  readonly name: string;
  readonly names: ChannelNames;
  readonly queue: AppendQueue;
  readonly watchers = new Set<Watcher>();
  readonly #journal: JournalWriter;
  readonly #host: ChannelHost;
  readonly #stream: ChannelStream;
  readonly #own = new Map<number, (applied: Applied) => void>();
  #model: Model | undefined;
  /** The model is up to date, and what comes next can be applied. */
  #live = false;
  /** The epoch and top that the watchers know. */
  #arrived: Arrived[] = [];
  #loading: Promise<Model> | undefined;
  /** Rises when what was read may have missed something. */
  #unsettled = 0;
  /** The epoch and top that the watchers know. */
  #told: { readonly epoch: string; readonly top: number } | undefined;
  #reload: NodeJS.Timeout | undefined;
  #checkpointing = false;
  #readers = 0;
  #dropped = false;

  constructor(name: string, names: ChannelNames, stream: ChannelStream, host: ChannelHost) {
    this.name = name;
    this.names = names;
    this.#host = host;
    this.#stream = stream;
    this.#journal = new JournalWriter({
      ...{ channel: name, subject: names.journal, writer: host.writer },
      nextNumber: () => host.nextNumber(),
      reach: (deadline) => host.reach(deadline),
      expectOwn: (number) => new Promise((resolve) => this.#own.set(number, resolve)),
      forgetOwn: (number) => void this.#own.delete(number),
      expect: (seq) => stream.expect(seq),
    });
    const appends: AppendHost = {
      ...{ channel: name, timeoutMs: host.timeoutMs },
      now: () => host.now(),
      place: () => this.#place(),
      overdue: () => this.#model?.overdue(host.elapsed()) ?? [],
      load: (deadline) => this.load(deadline),
      guardLeases: (deadline) => host.guardLeases(name, deadline),
      hold: (bytes) => host.hold(bytes),
      release: (bytes) => host.release(bytes),
    };
    this.queue = new AppendQueue(appends, this.#journal);
  }

  /** In memory, about. */
  get bytes(): number {
    return this.#model?.bytes ?? 0;
  }

  /** Nobody would miss it. */
  get idle(): boolean {
    return this.watchers.size === 0 && this.#readers === 0 && this.queue.idle && !this.#loading && !this.#checkpointing;
  }

  get isLive(): boolean {
    return this.#live;
  }

  get hasLeases(): boolean {
    return this.#model !== undefined && this.#model.nextExpiry < Infinity;
  }

  get leasesAreOver(): boolean {
    return this.#live && this.#model!.nextExpiry <= this.#host.elapsed();
  }

  /** As the journal is now, no matter which node wrote it. */
  async current(deadline: Deadline): Promise<Model> {
    // A model loaded from now on is certainly that recent.
    const mustWait = this.#live || this.#loading !== undefined;
    this.#readers++;
    try {
      const model = await this.load(deadline);
      if (!mustWait) return model;
      await this.#stream.barrier(deadline);
      return await this.load(deadline);
    } finally {
      this.#readers--;
    }
  }

  /** The model, as far as the journal was delivered here. */
  async load(deadline: Deadline): Promise<Model> {
    if (this.#live) return this.#model!;
    await this.#host.reach(deadline);
    if (this.#live) return this.#model!;
    return deadline.hold((this.#loading ??= this.#load()), () => `'${this.name}' could not be read from NATS in time.`);
  }

  /**
   * As `Store.compact`. It goes beside what is appended, which does not wait for it; each of its messages has the time of a
   * request.
   */
  async compact(compaction: Compaction): Promise<boolean> {
    const host = this.#host;
    const { epoch, offset, payload } = compaction;
    const deadline = (): Deadline => new Deadline(host.timeoutMs);
    host.hold(payload.length);
    this.#readers++;
    try {
      const bounds = (await this.current(deadline())).bounds(host.now());
      // The same will be found when it comes in the journal: a large record is spared.
      if (bounds.epoch !== epoch || offset <= bounds.floor || offset > bounds.top) return false;
      const record = { time: host.now(), keep: undefined, appends: [], ends: [], compact: compaction };
      return (await this.#journal.write({ ...record, behind: this.#place() }, { deadline })).compacted === true;
    } finally {
      this.#readers--;
      host.release(payload.length);
    }
  }

  /** The next message of the journal. */
  deliver(seq: number, message: Uint8Array): void {
    if (this.#live) this.#follow(seq, message);
    else if (this.#loading) this.#arrived.push({ seq, message });
  }

  /** `keepModel`: parts of the journal did not come here; if no checkpoint has them, they were not of this channel. */
  unsettle(keepModel: boolean): void {
    this.#live = false;
    this.#unsettled++;
    if (!keepModel) this.#model = undefined;
    // Appenders learn the fate of their operations from the model.
    if (!this.#loading && (this.watchers.size > 0 || this.#own.size > 0)) this.#reloadSoon(0);
  }

  drop(): void {
    this.#dropped = true;
    clearTimeout(this.#reload);
    this.#live = false;
    this.#model = undefined;
  }

  async #load(): Promise<Model> {
    try {
      let model: Model;
      let unsettled: number;
      do {
        unsettled = this.#unsettled;
        const { source } = this.#stream;
        model = await this.#host.loads.run(() => this.#read(new Deadline(loadMs)));
        if (source === this.#stream.source) this.#model = model;
      } while (unsettled !== this.#unsettled);
      if (this.#dropped) throw new Error(`'${this.name}' was closed.`);
      this.#settle(model);
      return model;
    } catch (error) {
      if (error instanceof JournalHole) this.#stream.holed(error);
      if (this.watchers.size > 0 && !this.#dropped) this.#reloadSoon(reloadMs);
      throw error;
    } finally {
      this.#arrived = [];
      this.#loading = undefined;
    }
  }

  #settle(model: Model): void {
    this.#model = model;
    this.#live = true;
    const { epoch, top } = model;
    const missed = this.#told && (this.#told.epoch !== epoch || this.#told.top !== top);
    this.#told = { epoch, top };
    if (missed) for (const watcher of this.watchers) watcher.learn(model.bounds(this.#host.now()));
    for (const { seq, message } of this.#arrived) if (this.#live) this.#follow(seq, message);
    // The node that took it may have been killed before the data was erased.
    if (this.#live && model.mustErase) this.#considerCheckpoint(model, true);
  }

  #reloadSoon(ms: number): void {
    clearTimeout(this.#reload);
    this.#reload = setTimeout(() => {
      this.load(new Deadline(this.#host.timeoutMs)).catch(() => undefined);
    }, ms);
  }

  async #read(deadline: Deadline): Promise<Model> {
    const link = await this.#host.reach(deadline);
    const { source } = this.#stream;
    const kept = this.#model;
    this.#model = undefined;
    let partial: Model | undefined;
    const begun = (model: Model): void => void (partial = model);
    const apply = (model: Model, seq: number, message: Uint8Array): void => void this.#apply(model, seq, message);
    const startedAt = performance.now();
    try {
      return await readModel(link, source, this.names, { kept, begun, apply, deadline });
    } catch (error) {
      // The next attempt goes on from here.
      const isSound = performance.now() - startedAt < soundMs && !(error instanceof JournalHole);
      if (source === this.#stream.source && isSound) this.#model = partial;
      if (error instanceof JournalHole && source === this.#stream.source)
        throw new JournalHole(`'${this.name}' could not be read from NATS: ${error.message}.`);
      throw new Error(`'${this.name}' could not be read from NATS: ${reasonOf(error)}.`, { cause: error });
    }
  }

  #follow(seq: number, message: Uint8Array): void {
    const model = this.#model!;
    if (seq <= model.seq) return;
    let applied: Applied;
    try {
      applied = this.#apply(model, seq, message);
    } catch (error) {
      this.#live = false;
      this.#model = undefined;
      // The missing operations may be in a checkpoint.
      if (error instanceof JournalHole) return this.#reloadSoon(0);
      this.#host.failed(`'${this.name}' has something in its journal that cannot be read: ${reasonOf(error)}`, error);
      return;
    }
    this.#told = { epoch: applied.epoch, top: model.top };
    for (const op of applied.ops) for (const watcher of this.watchers) watcher.announce(applied.epoch, op);
    if (applied.writer === this.#host.writer) this.#considerCheckpoint(model, applied.compacted || model.mustErase);
  }

  #apply(model: Model, seq: number, message: Uint8Array): Applied {
    model.enter(this.#stream.source.eras, seq);
    const readTo = model.seq;
    const applied = model.apply(seq, message, this.#host.elapsed());
    requireWhole(applied.behind, this.#stream.source.epoch, model, readTo);
    if (applied.writer === this.#host.writer) this.#own.get(applied.number)?.(applied);
    return applied;
  }

  #place(): JournalPlace | undefined {
    return this.#model && { log: this.#stream.source.epoch, era: this.#model.era, seq: this.#model.seq };
  }

  /**
   * The writer of the message that made it due does it: it is alive, and there is only one. A compaction does, as the journal holds
   * all of it and what it replaced, and so does a redaction.
   */
  #considerCheckpoint(model: Model, isDueNow = false): void {
    const isDue = isDueNow || model.journalBytes >= Math.max(this.#host.checkpointBytes, model.bytes);
    if (this.#checkpointing || !isDue) return;
    this.#checkpointing = true;
    this.#checkpoint(model)
      .catch((error: unknown) => this.#host.failed(`'${this.name}' got no checkpoint: ${reasonOf(error)}`, error))
      .finally(() => (this.#checkpointing = false));
  }

  async #checkpoint(model: Model): Promise<void> {
    const [host, stream] = [this.#host, this.#stream];
    const { journalBytes, mustErase } = model;
    const snapshot = model.snapshot();
    model.journalBytes = 0;
    model.mustErase = false;
    const { checkpoints } = stream.source;
    try {
      const link = await host.reach(new Deadline(host.timeoutMs));
      if (!(await checkpoints.write(link, this.names, snapshot, host.newId()))) return;
      if (checkpoints === stream.source.checkpoints) stream.purgeLater(this.names.journal, snapshot.seq, mustErase);
    } catch (error) {
      // Tried again after the next record, not before as much as now has come once more.
      model.journalBytes += Math.floor(journalBytes / 2);
      model.mustErase ||= mustErase;
      throw error;
    }
  }
}
