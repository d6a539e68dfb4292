import type { Code } from '@longwave/protocol';
import type { Checker } from './checker.js';
import { type Ledger, type LedgerEntry, payloadKey } from './ledger.js';

/** One publish that an application asked for. Its payload is like no other. */
export interface PublishRecord {
  readonly publisher: string;
  /** As the store names it. */
  readonly channel: string;
  /** The payload as text. */
  readonly payload: string;
  readonly id: string | undefined;
  readonly user: string | undefined;
  /** The offset of the message that it redacts, where it is a redaction. */
  readonly redacts?: number;
  /** Rises with each publish of the publisher. */
  readonly order: number;
  outcome:
    | { readonly state: 'pending' }
    | { readonly state: 'acked'; readonly epoch: string; readonly offset: number; readonly duplicate: boolean }
    | { readonly state: 'rejected'; readonly code: Code | 'aborted' }
    /** Nobody is left who could be told. */
    | { readonly state: 'orphaned' };
}

export interface PublishLogOptions {
  /** The store remembers but a few publishers. */
  readonly forgetful: boolean;
  /** One node over a store that answers at once: a first sending cannot arrive after its own retry. */
  readonly inOnePlace: boolean;
}

const short = (payload: string): string => payload.slice(0, 24);

/** Codes that say for sure that nothing was stored. */
const definite: ReadonlySet<string> = new Set<Code>(['invalid-data', 'forbidden', 'unknown-channel', 'outbox-full']);

/** Holds publishes to G1 and to their order. */
export class PublishLog {
  readonly #checker: Checker;
  readonly #ledger: Ledger;
  readonly #options: PublishLogOptions;
  readonly #records: PublishRecord[] = [];

  constructor(checker: Checker, ledger: Ledger, options: PublishLogOptions) {
    this.#options = options;
    this.#checker = checker;
    this.#ledger = ledger;
  }

  add(record: PublishRecord): void {
    this.#records.push(record);
    this.#checker.trace(
      record.publisher,
      () => `publish ${short(record.payload)} to ${record.channel} id ${record.id}`,
    );
  }

  /** Publishes of `publisher` whose fate nobody will learn. */
  orphan(publisher: string): void {
    for (const record of this.#records) {
      if (record.publisher === publisher && record.outcome.state === 'pending') record.outcome = { state: 'orphaned' };
    }
  }

  get pending(): readonly PublishRecord[] {
    return this.#records.filter(({ outcome }) => outcome.state === 'pending');
  }

  acked(record: PublishRecord, epoch: string, offset: number, duplicate: boolean): void {
    this.#checker.trace(
      record.publisher,
      () => `acked ${short(record.payload)} at ${epoch.slice(0, 4)}:${offset} ${duplicate}`,
    );
    record.outcome = { state: 'acked', epoch, offset, duplicate };
  }

  rejected(record: PublishRecord, code: Code | 'aborted'): void {
    this.#checker.trace(record.publisher, () => `rejected ${short(record.payload)}: ${code}`);
    record.outcome = { state: 'rejected', code };
  }

  /** G1, at the end of a run. */
  check(inOrder: boolean): void {
    const firsts = new Map<LedgerEntry, PublishRecord>();
    for (const record of this.#records) {
      this.#checkStored(record);
      if (record.outcome.state === 'acked') this.#checkAck(record, record.outcome, firsts);
    }
    if (inOrder) this.#checkOrder();
  }

  #checkStored(record: PublishRecord): void {
    const stored = this.#ledger.stored(record.payload);
    const epochs = new Set(stored.map(({ epoch }) => epoch));
    const { forgetful, inOnePlace } = this.#options;
    // A first sending that was under way while its retry was stored, and while so many others published that the store
    // forgot both, cannot be told from something new. A retry can: it is refused, whatever was forgotten (PUB-4).
    const late = forgetful && !inOnePlace ? stored.filter(({ retry }, i) => i > 0 && !retry).length : 0;
    const { channel, publisher, payload, outcome } = record;
    const subject = `${publisher} ${channel}`;
    this.#checker.expect(
      stored.length - late <= epochs.size,
      'G1',
      subject,
      () => `${payload} was stored ${stored.length} times`,
    );
    // The right to redact may have been withdrawn between the first sending and the next: the answer is of the last one.
    const refused = outcome.state === 'rejected' && definite.has(outcome.code) && record.redacts === undefined;
    this.#checker.expect(!refused || stored.length === 0, 'G1', subject, () => `${payload} was refused, and stored`);
  }

  #checkAck(
    record: PublishRecord,
    { epoch, offset, duplicate }: { epoch: string; offset: number; duplicate: boolean },
    firsts: Map<LedgerEntry, PublishRecord>,
  ): void {
    const { channel, publisher, payload, id, user } = record;
    const subject = `${publisher} ${channel}`;
    const entry = this.#ledger.entry(epoch, channel, offset);
    const place = `${epoch.slice(0, 4)}:${offset}`;
    if (!entry) return this.#checker.violate('G1', subject, `${payload} was acked at ${place}, where nothing is`);
    if (record.redacts !== undefined) {
      const target = this.#ledger.entry(epoch, channel, record.redacts);
      const isGone = target !== undefined && (target.redactedAt < Infinity || target.redacts !== undefined);
      const told = `${payload} was acked at ${place}, and the data of ${record.redacts} is there`;
      // Nothing was left to take: another one took it.
      if (!this.#checker.expect(isGone, 'redaction', subject, () => told) || duplicate) return;
    }
    const mine = this.#ledger.stored(payload).includes(entry);
    const ours = id !== undefined && entry.id === id && entry.user === user;
    const stored = this.#ledger.stored(payload).some((other) => other.epoch === epoch);
    // When its sequence is forgotten, a retry is told by its message id, which others may have used since (PUB-3).
    const twice = !mine && stored && !this.#options.forgetful;
    this.#checker.expect(!twice, 'G1', subject, () => `${payload} was stored, and acked as another's at ${place}`);
    if (!this.#checker.expect(mine || ours, 'G1', subject, () => `${payload} was acked at ${place}: another's`)) return;
    if (duplicate) {
      this.#checker.expect(entry.appends > 1, 'G1', subject, () => `${payload} at ${place} was called a duplicate`);
    } else {
      const first = firsts.get(entry);
      this.#checker.expect(mine && !first, 'G1', subject, () => `${payload} at ${place} was not called a duplicate`);
      firsts.set(entry, record);
    }
  }

  /** PUB-6: what one client published to one channel stands in its order. */
  #checkOrder(): void {
    const records = new Map(this.#records.map((record) => [record.payload, record]));
    for (const log of this.#ledger.logs()) {
      const last = new Map<string, number>();
      for (const entry of log) {
        const record = records.get(payloadKey(entry.payload));
        // Only if it was acknowledged: a publish that was given up may still arrive, after later ones.
        if (record?.outcome.state !== 'acked' || record.outcome.offset !== entry.offset) continue;
        if (record.outcome.epoch !== entry.epoch) continue;
        const before = last.get(record.publisher) ?? 0;
        last.set(record.publisher, record.order);
        this.#checker.expect(record.order > before, 'order', `${record.publisher} ${record.channel}`, () => {
          return `${record.payload} was stored after a later publish`;
        });
      }
    }
  }
}
