import type { Position } from '@longwave/protocol';
import type { Relation } from './lineage.js';
import { type ChannelBook, short } from './channel-book.js';
import { describe, streamOf } from './message-code.js';
import type { Violations } from './violations.js';

export interface SubscriptionFacts {
  /** Name of the subscription, for the report. */
  readonly where: string;
  readonly book: ChannelBook;
  readonly violations: Violations;
  /** The channel that a stream publishes to. */
  readonly channelOf: (stream: number) => string | undefined;
}

/** Where a subscription was asked to begin. */
export type Start = 'now' | { readonly last: number } | Position;

/** One subscription of the application as it should see its channel, checked with each thing it is told. */
export class SubscriptionCheck {
  /** After the last operation that it saw; undefined before it stands for the first time. */
  cursor: Position | undefined;
  readonly #facts: SubscriptionFacts;
  readonly #start: Start;

  constructor(facts: SubscriptionFacts, start: Start) {
    this.#facts = facts;
    this.#start = start;
    if (typeof start === 'object' && 'epoch' in start) this.cursor = start;
  }

  subscribed(position: Position, recovering: number): void {
    const start = this.#start;
    this.#facts.book.noteEpoch(position.epoch);
    const { cursor } = this;
    if (!cursor) {
      this.cursor = position;
      if (start === 'now' || 'epoch' in start) return;
      if (recovering > start.last) {
        this.#report('duplicated', `starts ${recovering} before the end, and was asked for ${start.last}`);
      } else if (recovering < start.last && position.offset > 0) {
        this.#report('silent-gap', `starts ${recovering} before the end, and was asked for ${start.last}`);
      }
      return;
    }
    const fits = position.offset === cursor.offset && this.#continues(cursor, position.epoch);
    if (!fits) this.#report('silent-gap', `was moved from ${at(cursor)} to ${at(position)} without a reset`);
    this.cursor = position;
  }

  delivered(epoch: string, offset: number, code: number): void {
    const { book, channelOf, where } = this.#facts;
    const { cursor } = this;
    if (channelOf(streamOf(code)) !== book.channel) {
      this.#report('wrong-channel', `${describe(code)} was published to ${channelOf(streamOf(code))}`);
      return;
    }
    if (!cursor) this.#report('silent-gap', `${at({ epoch, offset })} came before it was subscribed`);
    else if (!this.#continues(cursor, epoch)) {
      this.#report('silent-gap', `the log changed from ${at(cursor)} to ${at({ epoch, offset })} without a reset`);
    } else if (offset <= cursor.offset) {
      const again = book.seen.get(book.lineage.ownerOf(epoch, offset))?.get(offset) === code;
      this.#report(again ? 'duplicated' : 'reordered', `${at({ epoch, offset })} came behind ${at(cursor)}`);
      return;
    } else if (offset > cursor.offset + 1) {
      const missing = offset - cursor.offset - 1;
      this.#report('silent-gap', `${missing} missing between ${at(cursor)} and ${at({ epoch, offset })}`);
    }
    if (cursor?.epoch === epoch) this.cursor = { epoch: cursor.epoch, offset };
    else this.cursor = { epoch, offset };
    book.noteSeen(epoch, offset, code, where);
  }

  reset(reason: string, previous: Position | undefined, position: Position): void {
    const { book } = this.#facts;
    book.noteEpoch(position.epoch);
    const { cursor } = this;
    if (cursor && (previous?.epoch !== cursor.epoch || previous.offset !== cursor.offset)) {
      const named = previous ? at(previous) : 'nowhere';
      this.#report('silent-gap', `the reset names ${named} as where it stood, which was ${at(cursor)}`);
    }
    const from = cursor ?? previous;
    if (from) {
      const why = needless(reason, book.lineage.relation(from, position.epoch), from, position);
      if (why) this.#report('needless-reset', `${reason} from ${at(from)} to ${at(position)}: ${why}`);
      book.noteReset(reason, from, position);
    }
    this.cursor = position;
  }

  #continues(cursor: Position, epoch: string): boolean {
    if (cursor.epoch === epoch) return true;
    const relation = this.#facts.book.lineage.relation(cursor, epoch);
    return relation === 'continues' || relation === 'unknown';
  }

  #report(kind: Parameters<Violations['report']>[0], message: string): void {
    const { violations, book, where } = this.#facts;
    violations.report(kind, `${book.channel} ${where}`, message);
  }
}

/**
 * Returns the objection that the names of the logs give against the reset. Objections that depend on the store are
 * judged at the end.
 */
function needless(reason: string, relation: Relation, from: Position, position: Position): string | undefined {
  switch (reason) {
    case 'epoch-changed':
      return relation !== 'continues' ? undefined : 'the epochs say that the log has all up to there';
    case 'truncated':
      // The end of a log may be lost without a new name only when it is the application's position that is wrong.
      return relation === 'continues' ? 'the log has all up to there' : undefined;
    case 'trimmed':
      return position.offset > from.offset ? undefined : 'nothing was passed over';
    default:
      return undefined;
  }
}

export function at({ epoch, offset }: Position): string {
  return `${short(epoch)}:${offset}`;
}
