import { type From, type Position, encodePayload } from '@longwave/protocol';
import type { MessageMeta, Redaction, ResetInfo, SubscribedInfo } from '@longwave/client';
import type { Checker } from './checker.js';
import type { Ledger, LedgerEntry } from './ledger.js';
import type { Rights } from './rights.js';
import type { VirtualClock } from '../virtual-clock.js';
import { payloadKey } from './ledger.js';

/** The bounds of the log now, asked of the store itself. */
export interface Retained {
  readonly epoch: string;
  readonly floor: number;
  readonly top: number;
}

export interface MonitorOptions {
  readonly clock: VirtualClock;
  readonly checker: Checker;
  readonly ledger: Ledger;
  readonly rights: Rights;
  readonly retained: (channel: string) => Retained;
  /** Client, user and channel as the store names it. */
  readonly client: string;
  readonly user: string;
  readonly channel: string;
  readonly from: From;
  /** No other subscription of the client shares the one on the wire. */
  readonly alone: boolean;
  /** A subscription of this client asked with `last`: a reset may then skip what is retained (SUB-4). */
  readonly mayShorten: () => boolean;
  /** Iterated: messages are seen later than they came, and resets with the message behind them. */
  readonly iterated: boolean;
  /** The application has an `onReset`. */
  readonly hearsResets: boolean;
  /** When the server took the link that the client has now. */
  readonly linkedSince: (recovered: boolean) => number;
  /** Nodes hear of what is stored at once: they give data to nobody who connects after it was taken (RED-2). */
  readonly hearsAtOnce: boolean;
  /** How long a withdrawn right may take to get through (asynchronous stores hold the queue of a session). */
  readonly revocationMs: number;
}

const at = ({ epoch, offset }: Position): string => `${epoch.slice(0, 4)}:${offset}`;

/** Holds one subscription of an application to G2, G3 and G7, as the application sees it. */
export class SubscriptionMonitor {
  readonly channel: string;
  readonly iterated: boolean;
  readonly hearsResets: boolean;
  /** After the last message seen. */
  cursor: Position | undefined;
  state: 'open' | 'left' | 'ended' = 'open';
  /** Virtual time of the first `onSubscribed`. */
  startedAt = Infinity;
  /** Since when it has been getting what happens; Infinity while it reads what happened. */
  caughtUpAt = Infinity;
  /** Iterated: where a reset led that is still to come with a message. */
  #announced: Position | undefined;
  /** Messages whose data the application has, since the last reset. */
  readonly #shown = new Map<string, LedgerEntry>();
  /** Redactions that it was told of. */
  readonly #redactions = new Set<string>();
  /** Set between a reset and the message behind it, which says so too. */
  #hasReset = false;
  readonly #options: MonitorOptions;
  readonly #subject: string;
  readonly #asked: Retained;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.channel = options.channel;
    this.iterated = options.iterated;
    this.hearsResets = options.hearsResets;
    this.#subject = `${options.client} ${options.channel}`;
    this.#asked = options.retained(options.channel);
    const { from } = options;
    if (typeof from === 'object' && 'epoch' in from) this.cursor = from;
    this.#trace(() => `subscribe ${JSON.stringify(from)} (log: ${this.#asked.floor}..${this.#asked.top})`);
  }

  /** Where the subscription stands, as far as the application can know. */
  get standsAt(): Position | undefined {
    return this.#passed(this.#announced ?? this.cursor);
  }

  /** Offsets of messages that the application shows although their data was taken. */
  get stale(): readonly number[] {
    return [...this.#shown.values()].filter(({ redactedAt }) => redactedAt < Infinity).map(({ offset }) => offset);
  }

  onSubscribed({ position, recovering, reset }: SubscribedInfo): void {
    this.#trace(() => `subscribed at ${at(position)}, recovering ${recovering}${reset ? `, reset ${reset}` : ''}`);
    this.#listening('onSubscribed');
    this.caughtUpAt = recovering === 0 ? this.#options.clock.time : Infinity;
    if (this.startedAt === Infinity) {
      this.startedAt = this.#options.clock.time;
      this.#checkStart(position);
      this.cursor ??= position;
    }
    if (this.iterated && reset) this.#announced = position;
    if (!this.iterated) this.#expect(this.#isAt(position), 'G2', () => `subscribed says ${at(position)}`);
    const { top } = this.#options.retained(this.channel);
    const bound = position.epoch === this.#options.retained(this.channel).epoch ? top - position.offset : Infinity;
    this.#expect(recovering >= 0 && recovering <= bound, 'G2', () => `recovering ${recovering} of ${bound}`);
  }

  onReset(info: ResetInfo): void {
    this.#trace(() => `reset ${info.reason} from ${info.previous ? at(info.previous) : '?'} to ${at(info.position)}`);
    this.#listening('onReset');
    this.#shown.clear();
    if (this.iterated) {
      this.#announced = info.position;
      return;
    }
    this.#checkReset(info);
    this.cursor = info.position;
    this.caughtUpAt = Infinity;
  }

  onMessage(data: unknown, meta: MessageMeta): void {
    const { epoch, offset, reset } = meta;
    this.#options.clock.note(offset);
    this.#trace(
      () => `message ${at(meta)}${meta.recovered ? ' recovered' : ''} ${JSON.stringify(data ?? null).slice(0, 40)}`,
    );
    this.#listening('a message');
    if (this.iterated && reset) {
      this.#trace(() => `reset ${reset.reason} to ${at(reset.position)}, told with the message`);
      this.#checkReset(reset);
      this.#shown.clear();
      this.cursor = reset.position;
    } else this.#expect((reset !== undefined) === this.#hasReset, 'G3', () => `meta.reset is ${String(!!reset)}`);
    this.#hasReset = false;
    this.#forgetAnnounced(meta);
    this.#checkNext(data, meta);
    this.#moveTo({ epoch, offset });
    this.#checkRight(meta);
  }

  onRedact({ target, position, user }: Redaction): void {
    this.#options.clock.note(position.offset);
    this.#trace(() => `redaction ${at(position)} of ${target.offset}`);
    this.#listening('a redaction');
    const { ledger } = this.#options;
    const entry = ledger.entry(position.epoch, this.channel, position.offset);
    const same = entry?.redacts === target.offset && entry.user === user && target.epoch === position.epoch;
    this.#expect(same, 'G2', () => `the redaction ${at(position)} is not what was stored there`);
    this.#shown.delete(at(target));
    this.#redactions.add(at(position));
    if (this.iterated) return;
    this.#expect(
      this.#isAt({ ...position, offset: position.offset - 1 }),
      'G2',
      () => `${at(position)} came too early`,
    );
    this.#moveTo(position);
  }

  #moveTo(position: Position): void {
    this.cursor = position;
    if (position.offset === this.#options.ledger.top(position.epoch, this.channel)) {
      this.caughtUpAt = Math.min(this.caughtUpAt, this.#options.clock.time);
    }
  }

  onEnd(code: string): void {
    this.#trace(() => `ended: ${code}`);
    this.#listening('onEnd');
    this.state = 'ended';
  }

  /** The application unsubscribed: nothing may follow. */
  leave(): void {
    this.#trace(() => 'unsubscribe');
    if (this.state === 'open') this.state = 'left';
  }

  /** A listener to resets may have heard of a later one already, in front of which messages still come. */
  #forgetAnnounced({ epoch, offset, reset }: MessageMeta): void {
    const announced = this.#announced;
    const isBehind = announced?.epoch === epoch && offset > announced.offset;
    if (isBehind || (reset && !this.hearsResets)) this.#announced = undefined;
  }

  #checkNext(data: unknown, { epoch, offset, id, user, redacted, recovered }: MessageMeta): void {
    const { ledger, hearsAtOnce, linkedSince } = this.#options;
    const { cursor } = this;
    const after = this.#passed(cursor);
    const follows = after !== undefined && after.epoch === epoch && after.offset + 1 === offset;
    this.#expect(follows, 'G2', () => `${at({ epoch, offset })} came after ${cursor ? at(cursor) : 'nothing'}`);
    const entry = ledger.entry(epoch, this.channel, offset);
    if (!entry) return this.#options.checker.violate('G2', this.#subject, `${at({ epoch, offset })} was never stored`);
    const isStored = entry.redacts === undefined && payloadKey(entry.payload) === payloadKey(encodePayload(data));
    const same = redacted ? data === undefined && entry.redactedAt < Infinity : isStored;
    this.#expect(
      same && entry.id === id && entry.user === user,
      'G2',
      () => `${at({ epoch, offset })} is not what was stored there`,
    );
    if (redacted) return;
    this.#shown.set(at({ epoch, offset }), entry);
    const late = hearsAtOnce && !this.iterated && linkedSince(recovered) > entry.redactedAt;
    this.#expect(!late, 'redaction', () => `the data of ${at({ epoch, offset })} was given after it was taken`);
  }

  /** SUB-1: `now`, `start` and `last` are bounded by what the log was when it was asked, and what it is. */
  #checkStart(position: Position): void {
    const { from, alone } = this.#options;
    const now = this.#options.retained(this.channel);
    if (typeof from === 'object' && 'epoch' in from) return;
    const last = from === 'now' ? 0 : from === 'start' ? Infinity : from.last;
    const start = (log: Retained): number => Math.max(log.floor, log.top - last);
    if (position.epoch !== now.epoch) {
      this.#expect(this.#options.ledger.knows(position.epoch), 'G2', () => `starts in ${position.epoch}`);
      return;
    }
    const low = alone && this.#asked.epoch === now.epoch ? start(this.#asked) : 0;
    const fits = position.offset >= low && position.offset <= start(now);
    this.#expect(fits, 'G2', () => `starts at ${at(position)}, not between ${low} and ${start(now)}`);
  }

  #checkReset({ reason, position, previous }: ResetInfo): void {
    const { cursor } = this;
    const { retained, mayShorten, from, ledger } = this.#options;
    const now = retained(this.channel);
    this.#hasReset = !this.iterated;
    if (!this.iterated || this.startedAt !== Infinity) {
      this.#expect(this.#mayHaveStoodAt(previous), 'G3', () => 'the reset names another previous position');
    }
    const before = cursor ?? position;
    switch (reason) {
      case 'epoch-changed':
        this.#expect(before.epoch !== position.epoch, 'G3', () => `needless: the epoch is still ${position.epoch}`);
        break;
      case 'trimmed': {
        // An iteration is told of two resets as one, the second: then its position is after the first one.
        const floor = position.epoch === now.epoch ? now.floor : ledger.top(position.epoch, this.channel);
        const merged = this.iterated && (before.epoch !== position.epoch || before.offset > this.#asked.top);
        const truly = before.offset < floor || merged;
        this.#expect(truly, 'G3', () => `needless: ${at(before)} is retained, the floor is ${floor}`);
        break;
      }
      case 'truncated': {
        const declared = typeof from === 'object' && 'epoch' in from && this.#isAt(from);
        const truly = declared && from.offset > this.#asked.top;
        this.#expect(truly, 'G3', () => `needless: the log was never shorter than ${at(before)}`);
        break;
      }
      case 'revoked':
        this.#options.checker.violate('G3', this.#subject, 'revoked ends a subscription, it does not reset it');
    }
    if (position.epoch !== now.epoch) {
      this.#expect(ledger.knows(position.epoch), 'G3', () => `moved to ${position.epoch}, which never was`);
      return;
    }
    const limit = mayShorten() ? now.top : now.floor;
    this.#expect(
      position.offset <= limit,
      'G3',
      () => `moved to ${at(position)}, though all behind ${limit} is retained`,
    );
  }

  /** G7: nothing that was stored, and nothing over a link that was made, after the right was withdrawn. */
  #checkRight({ epoch, offset, recovered }: MessageMeta): void {
    const { rights, user, ledger, revocationMs, linkedSince } = this.#options;
    const since = rights.deniedSince(user, this.channel) + revocationMs;
    const stored = ledger.entry(epoch, this.channel, offset)?.at ?? -Infinity;
    const late = stored > since || (!this.iterated && linkedSince(recovered) > since);
    this.#expect(!late, 'G7', () => `${at({ epoch, offset })} was delivered though the right was withdrawn`);
  }

  /** An iteration is told of redactions beside its messages: its position goes on past them. */
  #passed(position: Position | undefined): Position | undefined {
    if (!position || !this.iterated) return position;
    const { epoch } = position;
    let { offset } = position;
    while (this.#redactions.has(at({ epoch, offset: offset + 1 }))) offset++;
    return { epoch, offset };
  }

  /** Redactions that an iteration was told of may have come before a reset that is seen now, or after it. */
  #mayHaveStoodAt(position: Position | undefined): boolean {
    const { cursor } = this;
    if (!position || !cursor || position.epoch !== cursor.epoch || position.offset < cursor.offset) return false;
    return position.offset <= this.#passed(cursor)!.offset;
  }

  #isAt({ epoch, offset }: Position): boolean {
    return this.cursor?.epoch === epoch && this.cursor.offset === offset;
  }

  #listening(what: string): void {
    // An iteration gets what came before the end, and then the end.
    const open = this.state === 'open' || (this.iterated && this.state === 'ended');
    this.#expect(open, 'G2', () => `${what} came after the subscription had ended`);
  }

  #expect(holds: boolean, invariant: 'G2' | 'G3' | 'G7' | 'redaction', message: () => string): void {
    this.#options.checker.expect(holds, invariant, this.#subject, message);
  }

  #trace(what: () => string): void {
    this.#options.checker.trace(this.#subject, what);
  }
}
