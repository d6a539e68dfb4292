import type { Encoded, Prepared, Publish, Published } from '@longwave/protocol';
import { LongwaveError } from '@longwave/protocol/client';
import type { RequestOptions } from '../api/api.js';
import type { Backoff } from '../connection/backoff.js';
import type { Settings } from '../base/options.js';
import type { Clock, Timer } from '../base/ports.js';
import type { Answer } from '../connection/answers.js';
import type { Fate, FrameSender } from '../connection/frame-sender.js';
import { watchDeadline } from './deadline.js';
import { encodedSize } from '../base/encoded-size.js';
import type { OwnPublishes } from './own-publishes.js';
import { toError } from '../connection/to-error.js';

/** Everything about a publish but its channel, its data and its place among the others. */
export type PublishTraits = Pick<Publish, 'messageId' | 'key' | 'kind' | 'expect' | 'ttlMs'>;

interface Entry {
  readonly id: number;
  readonly seq: number;
  readonly channel: string;
  readonly traits: PublishTraits;
  /** The data as it was when it was published. */
  readonly data: Prepared;
  readonly size: number;
  readonly stopDeadline: () => void;
  readonly resolve: (published: Published) => void;
  readonly reject: (error: unknown) => void;
  /** For the first sending. */
  encoded: Encoded | undefined;
  /** Sent before, and what became of it is not known (PUB-4). */
  retry: boolean;
  refusals: number;
}

/** The parts of a client that its outbox uses. */
interface OutboxParts {
  readonly sender: FrameSender;
  readonly clock: Clock;
  readonly backoff: Backoff;
  readonly settings: Settings;
  readonly own: OwnPublishes;
}

/** Bytes that `retry` and `after` add to a publish, at most: a publish must still fit when it is sent again. */
const retryBytes = 48;
/** A publish that the server fails to handle this often is given up: it may be what makes the server fail. */
const maxInternal = 5;

/**
 * Publishes until they are acknowledged: first in, first out, sent again after a reconnect (CLI-3).
 * Those of one channel never overtake each other.
 */
export class Outbox {
  readonly #sender: FrameSender;
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  readonly #settings: Settings;
  readonly #own: OwnPublishes;
  /** Channels that have to wait before their next publish. */
  readonly #holds = new Map<string, Timer>();
  /** By `seq`, rising. */
  #waiting = new Map<number, Entry>();
  readonly #inflight = new Map<number, Entry>();
  #bytes = 0;
  #seq = 0;

  constructor({ sender, clock, backoff, settings, own }: OutboxParts) {
    this.#sender = sender;
    this.#own = own;
    this.#clock = clock;
    this.#backoff = backoff;
    this.#settings = settings;
  }

  /** `data` are as they were when the application published them: they are the application's to change. */
  publish(channel: string, data: Prepared, traits: PublishTraits, limits: RequestOptions): Promise<Published> {
    const { signal } = limits;
    const id = this.#sender.nextId();
    const seq = this.#seq + 1;
    const encoded = this.#sender.codec.encode({ type: 'publish', id, channel, seq, data, ...traits });
    const size = encodedSize(encoded) + retryBytes;
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const { outboxCount, outboxBytes } = this.#settings;
    if (this.#isTooLarge(size) || size > outboxBytes) return Promise.reject(this.#sender.tooLarge(size));
    if (this.#waiting.size + this.#inflight.size >= outboxCount || this.#bytes + size > outboxBytes) {
      return Promise.reject(new LongwaveError('outbox-full'));
    }
    this.#seq = seq;
    return new Promise((resolve, reject) => {
      const entry: Entry = {
        id,
        seq,
        channel,
        traits,
        data,
        size,
        encoded,
        resolve,
        reject,
        retry: false,
        refusals: 0,
        stopDeadline: watchDeadline(this.#clock, limits, channel, (error) => this.#giveUp(entry, error)),
      };
      this.#bytes += size;
      this.#waiting.set(seq, entry);
      this.#own.add(channel, traits.messageId);
      this.pump();
    });
  }

  /** Sends what may be sent, in order. */
  pump(): void {
    if (!this.#sender.open) return;
    const blocked = new Set<string>();
    for (const entry of this.#waiting.values()) {
      // With nothing in flight no acknowledgement would ever wake us: then congestion does not count.
      if (this.#sender.full || (this.#inflight.size > 0 && this.#sender.congested)) return;
      if (blocked.has(entry.channel)) continue;
      if (this.#mustWait(entry)) blocked.add(entry.channel);
      else if (this.#isTooLarge(entry.size)) this.#drop(entry).reject(this.#sender.tooLarge(entry.size));
      else this.#send(entry);
    }
  }

  /** The link has ended: what was on its way goes back in front (CLI-3). */
  onDown(fate: Fate): void {
    if (fate === 'unknown') for (const entry of this.#inflight.values()) entry.retry = true;
    this.#waiting = new Map([...this.#inflight, ...this.#waiting]);
    this.#inflight.clear();
    this.#sort();
  }

  /** The server takes no message as large as one in flight, for all that is known. False: there is none. */
  dropLargest(): boolean {
    const [largest] = [...this.#inflight.values()].sort((a, b) => b.size - a.size);
    if (largest) this.#drop(largest).reject(this.#sender.tooLarge(largest.size));
    return largest !== undefined;
  }

  end(error: LongwaveError): void {
    for (const timer of this.#holds.values()) timer.cancel();
    for (const entry of [...this.#inflight.values(), ...this.#waiting.values()]) this.#drop(entry).reject(error);
  }

  #mustWait(entry: Entry): boolean {
    const { channel, seq, size, refusals } = entry;
    if (this.#holds.has(channel)) return true;
    // Before the first `connected` the server's limit is not known.
    if (size > this.#sender.messageBytes && !this.#sender.limitKnown) return true;
    // After a refusal, wait until this channel's publishes in flight are answered: the server may refuse later ones as
    // well, and the retry must not be stored after them. One that it overtook is waited for. Refused twice: it goes
    // when nothing is left that it could overtake.
    return (
      refusals > 0 &&
      [...this.#inflight.values()].some(
        (other) => other.channel === channel && (other.seq > seq || other.refusals === 0 || refusals > 1),
      )
    );
  }

  #send(entry: Entry): void {
    const { id, channel, seq, data, encoded, traits } = entry;
    this.#waiting.delete(seq);
    this.#inflight.set(seq, entry);
    entry.encoded = undefined;
    const after = this.#before(entry);
    const retry = entry.retry || undefined;
    const ready = after === undefined ? encoded : undefined;
    this.#sender.requestCounted(
      id,
      ready ?? this.#sender.codec.encode({ type: 'publish', id, channel, seq, retry, data, after, ...traits }),
      (answer) => this.#settle(entry, answer),
    );
  }

  /**
   * Sequence of the publish that the store must have first (PUB-7): requests may overtake each other, and the one in
   * front may be refused or lost with its node.
   */
  #before({ channel, seq }: Entry): number | undefined {
    let before = 0;
    for (const other of this.#inflight.values()) {
      if (other.channel === channel && other.seq < seq) before = Math.max(before, other.seq);
    }
    return before || undefined;
  }

  #settle(entry: Entry, answer: Answer): void {
    if (answer.type === 'ack') {
      const { epoch, offset, durability } = answer;
      const duplicate = answer.duplicate ?? false;
      const position = { epoch, offset };
      const { messageId, key, kind } = entry.traits;
      if (key === undefined && kind !== 'redact') this.#own.onStored(entry.channel, messageId, position);
      this.#drop(entry).resolve({ position, duplicate, durability });
    } else this.#refused(entry, toError(answer));
  }

  #refused(entry: Entry, error: LongwaveError): void {
    const { channel, seq } = entry;
    const hopeless = error.code === 'internal' && entry.refusals + 1 >= maxInternal;
    if (error.advice !== 'retry' || hopeless) {
      this.#own.onRefused(channel, entry.traits.messageId);
      this.#drop(entry).reject(error);
      return;
    }
    entry.refusals++;
    // A server that refused because it was too busy has not stored the publish. After any other failure it may have:
    // mark the retry.
    if (error.code !== 'rate-limited' && error.code !== 'out-of-order') entry.retry = true;
    this.#inflight.delete(seq);
    this.#waiting.set(seq, entry);
    this.#sort();
    // It is sent again as soon as the publishes before and after it are answered.
    if (error.code === 'out-of-order') return;
    this.#hold(channel, this.#backoff(entry.refusals, error.retryAfterMs));
  }

  #hold(channel: string, delayMs: number): void {
    this.#holds.get(channel)?.cancel();
    const timer = this.#clock.setTimer(() => {
      this.#holds.delete(channel);
      this.pump();
    }, delayMs);
    this.#holds.set(channel, timer);
  }

  /** One not sent is gone; one sent may be stored, and keeps its place in flight until it is answered. */
  #giveUp(entry: Entry, error: unknown): void {
    this.#sender.answers.forget(entry.id);
    this.#drop(entry).reject(error);
    this.pump();
  }

  #drop(entry: Entry): Entry {
    entry.stopDeadline();
    if (this.#waiting.delete(entry.seq) || this.#inflight.delete(entry.seq)) this.#bytes -= entry.size;
    return entry;
  }

  #sort(): void {
    this.#waiting = new Map([...this.#waiting].sort(([a], [b]) => a - b));
  }

  #isTooLarge(size: number): boolean {
    return this.#sender.limitKnown && size > this.#sender.messageBytes;
  }
}
