import type { Position } from '@longwave/protocol';
import { at } from './subscription-check.js';
import { type Excuse, isExcused, mayHaveLost } from './excuses.js';
import { type ChannelBook, short } from './channel-book.js';
import { counterOf, describe, streamOf } from './message-code.js';
import type { Violations } from './violations.js';

/** Losses that a store may have among acknowledged messages, and the announcements that it must make then. */
export interface StoreRules {
  /** It begins anew when it is killed: `epoch-changed` is no needless reset. */
  readonly forgets: boolean;
  /** A failover may lose the end of its logs: `truncated` is no needless reset. */
  readonly losesTail: boolean;
  /** The acts of operators, which may lead to resets. */
  readonly excuses: readonly Excuse[];
  /** Operations that a log retains at least. */
  readonly retainCount: number;
}

/** How a channel's log stands when all is over. */
export interface FinalBounds {
  readonly epoch: string;
  readonly floor: number;
  readonly top: number;
}

export interface Tally {
  /** Operations in the logs as they are at the end. */
  stored: number;
  acked: number;
  /** Acknowledged, and lost with a log or its end, as the store's epochs say. */
  announcedLosses: number;
  /** Acknowledged and stored as far as is known, and seen by nobody: no subscription passed there. */
  unwitnessed: number;
  /** By their reason, of all subscriptions. */
  resets: Record<string, number>;
}

/** Different resets of one channel that are told. */
const toldResets = 5;

/**
 * Judges a channel at the end: each message that was acknowledged is where the ack said or was announced as lost, each
 * is there once, those of one stream are in order, and each reset had its reason.
 */
export function judge(book: ChannelBook, final: FinalBounds, rules: StoreRules, violations: Violations, tally: Tally) {
  book.lineage.learn(final.epoch);
  judgeAcks(book, final, rules, violations, tally);
  judgeOrder(book, final, violations, tally);
  judgeResets(book, final, rules, violations, tally);
}

function judgeAcks(
  book: ChannelBook,
  { epoch, top }: FinalBounds,
  rules: StoreRules,
  violations: Violations,
  tally: Tally,
): void {
  for (const [owner, log] of book.acked) {
    const forgets = rules.forgets || mayHaveLost(book, owner, 'forgets', rules.excuses);
    const losesTail = rules.losesTail || mayHaveLost(book, owner, 'losesTail', rules.excuses);
    const seen = book.seen.get(owner);
    for (const [offset, code] of log.entries()) {
      tally.acked++;
      const found = seen?.get(offset) ?? 0;
      const where = `${describe(code)} was acknowledged at ${short(owner)}:${offset}`;
      if (found !== 0 && found !== code) {
        const elsewhere = seen && isIn(seen.entries(), code);
        violations.report(
          elsewhere ? 'wrong-ack' : 'lost',
          book.channel,
          `${where}, where ${describe(found)} was delivered`,
        );
        continue;
      }
      const relation = book.lineage.relation({ epoch: owner, offset }, epoch);
      if (relation === 'continues') {
        if (offset > top) violations.report('lost', book.channel, `${where}, and the log ends at ${top}`);
        else if (found === 0) tally.unwitnessed++;
      } else if (forgets || (losesTail && relation !== 'other')) tally.announcedLosses++;
      else {
        violations.report('lost', book.channel, `${where}, and the log is now ${short(epoch)} (${relation})`);
      }
    }
  }
}

function isIn(entries: Iterable<readonly [number, number]>, code: number): boolean {
  for (const [, other] of entries) if (other === code) return true;
  return false;
}

/** The log as it is at the end, with what it took over from those it went on from. */
function* finalLog(book: ChannelBook, { epoch, top }: FinalBounds): Generator<readonly [number, number]> {
  let owner = book.lineage.ownerOf(epoch, top);
  let log = book.seen.get(owner);
  for (let offset = 1; offset <= top; offset++) {
    const ownerHere = book.lineage.ownerOf(epoch, offset);
    if (ownerHere !== owner) {
      owner = ownerHere;
      log = book.seen.get(owner);
    }
    const code = log?.get(offset) ?? 0;
    if (code !== 0) yield [offset, code];
  }
}

function judgeOrder(book: ChannelBook, final: FinalBounds, violations: Violations, tally: Tally): void {
  /** By stream: the highest counter so far. Those below it are looked for one by one, for there are few. */
  const highest = new Map<number, number>();
  const late: (readonly [offset: number, code: number])[] = [];
  for (const [offset, code] of finalLog(book, final)) {
    tally.stored++;
    const stream = streamOf(code);
    const n = counterOf(code);
    if (n > (highest.get(stream) ?? 0)) highest.set(stream, n);
    else late.push([offset, code]);
  }
  if (late.length === 0) return;
  const codes = new Set(late.map(([, code]) => code));
  const places = new Map<number, number[]>();
  for (const [offset, code] of finalLog(book, final)) {
    if (codes.has(code)) places.set(code, [...(places.get(code) ?? []), offset]);
  }
  for (const [offset, code] of late) {
    const all = places.get(code)!;
    if (all.length > 1) {
      if (offset === all[1]) violations.report('duplicated', book.channel, `${describe(code)} is at ${all.join(', ')}`);
    } else violations.report('reordered', book.channel, `${describe(code)} is at ${offset}, behind a later one`);
  }
}

function judgeResets(
  book: ChannelBook,
  final: FinalBounds,
  rules: StoreRules,
  violations: Violations,
  tally: Tally,
): void {
  let told = 0;
  for (const { reason, previous, position, count } of book.resets.values()) {
    tally.resets[reason] = (tally.resets[reason] ?? 0) + count;
    const why = unjustified(reason, previous, position);
    if (why === undefined) continue;
    for (let i = 0; i < count; i++) {
      if (told++ < toldResets) {
        violations.report('needless-reset', book.channel, `${reason} from ${at(previous)} to ${at(position)}: ${why}`);
      } else violations.counts.set('needless-reset', (violations.counts.get('needless-reset') ?? 0) + 1);
    }
  }

  function unjustified(reason: string, previous: Position, position: Position): string | undefined {
    const { retainCount, excuses } = rules;
    const forgets = rules.forgets || isExcused(book, position.epoch, 'forgets', excuses);
    const losesTail = rules.losesTail || isExcused(book, position.epoch, 'losesTail', excuses);
    switch (reason) {
      case 'epoch-changed':
        // Where a log was lost whole that lay between two others, the store that has the last of them cannot know its name.
        if (forgets || (losesTail && book.lineage.relation(previous, position.epoch) !== 'continues')) return undefined;
        return 'this store forgets nothing';
      case 'truncated':
        return losesTail ? undefined : 'this store loses no end of a log';
      case 'trimmed': {
        const lastTop =
          book.lineage.relation(position, final.epoch) === 'continues'
            ? final.top
            : (book.seen.get(book.lineage.ownerOf(position.epoch, position.offset))?.top ?? 0);
        return position.offset > Math.max(0, lastTop - retainCount)
          ? `all behind ${Math.max(0, lastTop - retainCount)} is retained to this day`
          : undefined;
      }
      default:
        return undefined;
    }
  }
}

export function emptyTally(): Tally {
  return { stored: 0, acked: 0, announcedLosses: 0, unwitnessed: 0, resets: {} };
}
