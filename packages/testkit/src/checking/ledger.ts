import type { Payload } from '@longwave/protocol';
import { type Appended, type NewOperation, unscopedId } from '@longwave/core';
import type { VirtualClock } from '../virtual-clock.js';

/** One operation as it was stored. */
export interface LedgerEntry {
  readonly channel: string;
  readonly epoch: string;
  readonly offset: number;
  readonly payload: Payload;
  readonly id: string | undefined;
  readonly user: string | undefined;
  /** Virtual time of the append. */
  readonly at: number;
  /** The publish said that it may have been stored before. */
  readonly retry: boolean;
  /** The offset of the message that it redacts, where it is a redaction. */
  readonly redacts: number | undefined;
  /** Virtual time since which the data is gone, Infinity while it is there. */
  redactedAt: number;
  /** Appends that ended here: more than one when a publish was repeated. */
  appends: number;
}

/** The truth: what was appended, by epoch and channel, written down below everything that is tested. */
export class Ledger {
  readonly #clock: VirtualClock;
  readonly #logs = new Map<string, Map<string, LedgerEntry[]>>();
  readonly #byPayload = new Map<string, LedgerEntry[]>();
  readonly #onAppend: (entry: LedgerEntry) => void;
  readonly #onNonsense: (what: string) => void;

  constructor(clock: VirtualClock, onAppend: (entry: LedgerEntry) => void, onNonsense: (what: string) => void) {
    this.#clock = clock;
    this.#onAppend = onAppend;
    this.#onNonsense = onNonsense;
  }

  record(channel: string, operation: NewOperation, { epoch, offset, duplicate }: Appended): void {
    const { payload, id, user, retry = false, redacts } = operation;
    const log = this.#log(epoch, channel);
    const first = log[offset - 1];
    if (duplicate) {
      // A redaction of what is redacted already is answered with the top, which is another operation.
      if (first && redacts !== undefined && first.redacts !== redacts.offset) return;
      if (first) first.appends++;
      else this.#onNonsense(`a duplicate of offset ${offset}, which was never stored`);
      return;
    }
    if (offset !== log.length + 1) this.#onNonsense(`offset ${offset} follows ${log.length}`);
    const given = id === undefined ? undefined : unscopedId(id);
    const at = this.#clock.time;
    const entry: LedgerEntry = {
      ...{ channel, epoch, offset, payload, id: given, user, at, retry, appends: 1 },
      ...{ redacts: redacts?.offset, redactedAt: Infinity },
    };
    log[offset - 1] = entry;
    if (redacts) {
      const target = log[redacts.offset - 1];
      if (target && target.redacts === undefined) target.redactedAt = Math.min(target.redactedAt, at);
      else this.#onNonsense(`a redaction of offset ${redacts.offset}, which is no message`);
    }
    const key = payloadKey(payload);
    const same = this.#byPayload.get(key);
    if (same) same.push(entry);
    else this.#byPayload.set(key, [entry]);
    this.#onAppend(entry);
  }

  entry(epoch: string, channel: string, offset: number): LedgerEntry | undefined {
    return this.#logs.get(epoch)?.get(channel)?.[offset - 1];
  }

  /** Every time that this payload was stored. */
  stored(payload: string): readonly LedgerEntry[] {
    return this.#byPayload.get(payload) ?? [];
  }

  top(epoch: string, channel: string): number {
    return this.#logs.get(epoch)?.get(channel)?.length ?? 0;
  }

  knows(epoch: string): boolean {
    return this.#logs.has(epoch);
  }

  /** A log was opened under this epoch. */
  addEpoch(epoch: string): void {
    if (!this.#logs.has(epoch)) this.#logs.set(epoch, new Map());
  }

  *logs(): Iterable<readonly LedgerEntry[]> {
    for (const channels of this.#logs.values()) yield* channels.values();
  }

  #log(epoch: string, channel: string): LedgerEntry[] {
    this.addEpoch(epoch);
    const channels = this.#logs.get(epoch)!;
    let log = channels.get(channel);
    if (!log) channels.set(channel, (log = []));
    return log;
  }
}

/** Payloads as text, so that they can be compared and looked up. */
export function payloadKey(payload: Payload): string {
  return typeof payload === 'string' ? payload : `bytes:${payload.join()}`;
}
