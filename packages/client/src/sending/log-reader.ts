import type { LogExtent, Message, Page, Position, ReceivedOperation, Redaction, ResetReason } from '@longwave/protocol';
import { type LongwaveError, breakOf, pageOperations, toMessage, toRedaction } from '@longwave/protocol/client';
import type { Clock, Timer } from '../base/ports.js';
import type { Backoff } from '../connection/backoff.js';
import type { OwnPublishes } from './own-publishes.js';
import type { Request, Requests } from './requests.js';
import { type Start, everything } from '../base/start.js';

/** Operations asked for at once while catching up. */
const pageLimit = 256;

/** The part of a subscription that its reader uses. */
export interface ReadSubscription {
  readonly from: Start;
  readonly cursor: Position | undefined;
  /** It waits for what is read. */
  readonly isReading: boolean;
  /** It has been told where it begins. */
  readonly started: boolean;
  /** It needs nothing more of the log than its feed gives it. */
  readonly hasCaughtUp: boolean;
  /** Reads on, unless it has caught up. */
  read(): void;
  standAt(position: Position, top: number, reset: ResetReason | undefined): void;
  resetTo(reason: ResetReason, position: Position): void;
  /** `position` is that of the message. */
  deliver(message: Message<unknown>, position: Position): void;
  redact(redaction: Redaction): void;
  end(error: LongwaveError): void;
}

interface ReaderParts {
  readonly requests: Requests;
  readonly own: OwnPublishes;
  readonly clock: Clock;
  readonly backoff: Backoff;
}

/** Reads pages of a log for a subscription that lags behind its feed, until it has caught up (CLI-5). */
export class LogReader {
  readonly #parts: ReaderParts;
  readonly #channel: string;
  readonly #subscription: ReadSubscription;
  #request: Request | undefined;
  #timer: Timer | undefined;
  #failures = 0;

  constructor(parts: ReaderParts, channel: string, subscription: ReadSubscription) {
    this.#parts = parts;
    this.#channel = channel;
    this.#subscription = subscription;
  }

  stop(): void {
    this.#request?.cancel();
    this.#timer?.cancel();
  }

  /** Asks for the page after the cursor, or for the first one. */
  readPage(): void {
    this.stop();
    const { cursor, from } = this.#subscription;
    const last = cursor ? undefined : from.last;
    if (last === undefined) this.#ask({ limit: pageLimit, epoch: cursor?.epoch, after: cursor?.offset });
    else if (last === everything) this.#ask({ limit: pageLimit, after: 0 }, last);
    else this.#ask({ limit: Math.min(last, pageOperations) }, last);
  }

  #ask(query: { limit: number; epoch?: string | undefined; after?: number | undefined }, last?: number): void {
    const channel = this.#channel;
    this.#request = this.#parts.requests.add(
      {
        expects: 'page',
        repeat: true,
        resolve: (page) => this.#onPage(page, last),
        reject: (error) => this.#onFailure(error as LongwaveError),
      },
      (id) => ({ type: 'history', id, channel, ...query }),
    );
  }

  #onFailure(error: LongwaveError): void {
    // Which log it is now, and where it begins, is in the first page of all that is retained.
    if (error.code === 'epoch-changed') this.#ask({ limit: pageLimit, after: 0 });
    else if (error.advice === 'retry') this.#readLater(error.retryAfterMs);
    else this.#subscription.end(error);
  }

  #readLater(advisedMs?: number): void {
    const { backoff, clock } = this.#parts;
    this.#timer = clock.setTimer(() => this.#subscription.read(), backoff(++this.#failures, advisedMs));
  }

  #onPage(page: Page<ReceivedOperation>, last: number | undefined): void {
    const { epoch, floor, top, ops } = page;
    const subscription = this.#subscription;
    if (last !== undefined) subscription.standAt({ epoch, offset: Math.max(floor, top - last) }, top, undefined);
    const { cursor } = subscription;
    if (!cursor || !subscription.isReading) return;
    const reset = last === undefined ? breakOf(cursor, extentOf(page)) : undefined;
    if (reset) subscription.resetTo(reset, { epoch, offset: ops.length > 0 ? page.offset - 1 : floor });
    if (!subscription.started) subscription.standAt(subscription.cursor!, top, reset);
    const progress = this.#deliver(page) || reset !== undefined || last !== undefined;
    if (!subscription.isReading) return;
    if (progress) this.#failures = 0;
    if (progress || subscription.hasCaughtUp) subscription.read();
    // The log ends before what the feed has seen: whoever answered is behind.
    else this.#readLater();
  }

  /** True: the cursor has moved. */
  #deliver({ epoch, offset: first, ops }: Page<ReceivedOperation>): boolean {
    const subscription = this.#subscription;
    let progress = false;
    for (const [i, op] of ops.entries()) {
      if (!subscription.isReading) return progress;
      const position = { epoch, offset: first + i };
      const next = subscription.cursor!.offset + 1;
      if (position.offset < next) continue;
      // The newest page may begin after the start, when it is bounded by bytes: read it from there.
      if (position.offset > next) return progress;
      progress = true;
      if (op.kind === 'redact') subscription.redact(toRedaction(position, op));
      else subscription.deliver(toMessage(this.#channel, position, op, true, this.#parts.own), position);
    }
    return progress;
  }
}

/** The log as a page shows it, which may begin later than what is retained. */
function extentOf({ epoch, offset, ops, floor, top }: Page<ReceivedOperation>): LogExtent {
  return { epoch, floor: ops.length > 0 ? Math.max(floor, offset - 1) : floor, top };
}
