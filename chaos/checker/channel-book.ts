import type { Position } from '@longwave/protocol';
import { describe } from './message-code.js';
import { Lineage } from './lineage.js';
import { OffsetLog } from './offset-log.js';
import type { Violations } from './violations.js';

export interface ResetRecord {
  readonly reason: string;
  readonly previous: Position;
  readonly position: Position;
  /** Number of subscriptions that were told the same. */
  count: number;
}

/** As it travels from one process to another. */
export interface ChannelDump {
  readonly channel: string;
  readonly parents: ReadonlyMap<string, { readonly id: string; readonly after: number }>;
  readonly seen: ReadonlyMap<string, ReadonlyMap<number, Float64Array>>;
  readonly acked: ReadonlyMap<string, ReadonlyMap<number, Float64Array>>;
  readonly resets: readonly ResetRecord[];
  readonly bornAt: ReadonlyMap<string, number>;
}

/** Different resets that are remembered of a channel. */
const resetLimit = 10_000;

/** Within so many operations of each other two messages have changed places. */
const swapReach = 2000;

/** The history of one channel's logs: where messages were acknowledged, and where they were seen. */
export class ChannelBook {
  readonly channel: string;
  readonly lineage = new Lineage();
  readonly seen = new Map<string, OffsetLog>();
  readonly acked = new Map<string, OffsetLog>();
  readonly resets = new Map<string, ResetRecord>();
  /** When each of the logs was first heard of, by its epoch. */
  readonly bornAt = new Map<string, number>();
  readonly #violations: Violations;

  constructor(channel: string, violations: Violations) {
    this.channel = channel;
    this.#violations = violations;
  }

  static logOf(logs: Map<string, OffsetLog>, owner: string): OffsetLog {
    let log = logs.get(owner);
    if (!log) logs.set(owner, (log = new OffsetLog()));
    return log;
  }

  noteEpoch(epoch: string, at = this.#violations.now): void {
    const known = this.bornAt.get(epoch);
    if (known === undefined) this.lineage.learn(epoch);
    if (known === undefined || at < known) this.bornAt.set(epoch, at);
  }

  noteSeen(epoch: string, offset: number, code: number, where: string): void {
    if (!this.bornAt.has(epoch)) this.noteEpoch(epoch);
    const owner = this.lineage.ownerOf(epoch, offset);
    this.#noteSeen(ChannelBook.logOf(this.seen, owner), owner, offset, code, where);
  }

  noteAcked({ epoch, offset }: Position, code: number): void {
    if (!this.bornAt.has(epoch)) this.noteEpoch(epoch);
    const owner = this.lineage.ownerOf(epoch, offset);
    this.#noteAcked(ChannelBook.logOf(this.acked, owner), owner, offset, code);
  }

  noteReset(reason: string, previous: Position, position: Position): void {
    const key = `${reason} ${previous.epoch} ${previous.offset} ${position.epoch} ${position.offset}`;
    const known = this.resets.get(key);
    if (known) known.count++;
    else if (this.resets.size < resetLimit) this.resets.set(key, { reason, previous, position, count: 1 });
  }

  dump(): ChannelDump {
    const chunksOf = (logs: ReadonlyMap<string, OffsetLog>) =>
      new Map([...logs].map(([owner, { chunks }]) => [owner, chunks] as const));
    return {
      channel: this.channel,
      parents: this.lineage.parents,
      seen: chunksOf(this.seen),
      acked: chunksOf(this.acked),
      resets: [...this.resets.values()],
      bornAt: this.bornAt,
    };
  }

  /** Takes in what another process knows of the same channel. */
  absorb({ parents, seen, acked, resets, bornAt }: ChannelDump): void {
    this.lineage.absorb(parents);
    for (const [epoch, at] of bornAt) this.noteEpoch(epoch, at);
    for (const [owner, chunks] of seen) {
      const into = ChannelBook.logOf(this.seen, owner);
      for (const [offset, code] of new OffsetLog(chunks).entries()) {
        this.#noteSeen(into, owner, offset, code, 'two processes');
      }
    }
    for (const [owner, chunks] of acked) {
      const into = ChannelBook.logOf(this.acked, owner);
      for (const [offset, code] of new OffsetLog(chunks).entries()) this.#noteAcked(into, owner, offset, code);
    }
    for (const { reason, previous, position, count } of resets) {
      for (const { epoch } of [previous, position]) this.lineage.learn(epoch);
      this.noteReset(reason, previous, position);
      const key = `${reason} ${previous.epoch} ${previous.offset} ${position.epoch} ${position.offset}`;
      const record = this.resets.get(key);
      if (record) record.count += count - 1;
    }
  }

  #noteSeen(log: OffsetLog, owner: string, offset: number, code: number, where: string): void {
    const known = log.settle(offset, code);
    if (known === code) return;
    const swapped = isNear(log, offset, code);
    this.#violations.report(
      swapped ? 'reordered' : 'corrupted',
      `${this.channel} ${where}`,
      `at ${short(owner)}:${offset} came ${describe(code)}, where others saw ${describe(known)}`,
    );
  }

  #noteAcked(log: OffsetLog, owner: string, offset: number, code: number): void {
    const known = log.settle(offset, code);
    if (known === code) return;
    this.#violations.report(
      'lost',
      this.channel,
      `${describe(code)} and ${describe(known)} were both acknowledged at ${short(owner)}:${offset}`,
    );
  }
}

function isNear(log: OffsetLog, offset: number, code: number): boolean {
  for (let distance = 1; distance <= swapReach; distance++) {
    if (log.get(offset + distance) === code || (offset > distance && log.get(offset - distance) === code)) return true;
  }
  return false;
}

export function short(epoch: string): string {
  return epoch
    .split('~')
    .map((part) => part.replace(/^(\d+\.)?(.{6}).*$/, '$1$2'))
    .join('~');
}
