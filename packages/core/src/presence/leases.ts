import { LongwaveError, type StateDefinition } from '@longwave/protocol';
import type { Appended, Clock, Logger, NewOperation } from '../base/ports.js';
import type { Publisher } from '../channels/publisher.js';
import type { Registry } from '../channels/registry.js';
import { type MaybePromise, chain, guard, undoOnFailure } from '../base/maybe-promise.js';

/** An entry whose node says nothing of it for so long is gone: the node is. */
const leaseMs = 30_000;
const renewMs = 10_000;

/** An entry that this node keeps in a channel of Longwave's own. */
export interface Lease {
  readonly channel: string;
  readonly entry: Pick<NewOperation, 'key' | 'payload' | 'user' | 'rank'>;
}

interface Renewal {
  askedAt: number;
  /** When it was asked for last with success. */
  keptAt: number;
  /** Epoch of the log that has the entry. */
  epoch: string | undefined;
}

export interface LeasesOptions {
  readonly node: string;
  readonly registry: Registry;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Keeps entries from expiring for as long as the node is there: members (PRES-2), and what is asked of the node
 * (DEM-1).
 */
export class Leases {
  readonly #options: LeasesOptions;
  readonly #held = new Map<Lease, Renewal>();

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  /**
   * Stores the entry, where it is not so already, and renews it from now on. Throws or rejects with what the store
   * refuses.
   */
  hold(lease: Lease): MaybePromise<void> {
    const now = this.#options.clock.now();
    const renewal: Renewal = { askedAt: now, keptAt: now, epoch: undefined };
    this.#held.set(lease, renewal);
    return undoOnFailure(
      () => chain(this.#put(lease), ({ epoch }) => void (renewal.epoch = epoch)),
      () => this.#held.delete(lease),
    );
  }

  /** Renews it no more. */
  forget(lease: Lease | undefined): void {
    if (lease) this.#held.delete(lease);
  }

  /** Renews it no more, and has it expire after `ttlMs`. Another node may hold it by now: then this changes nothing. */
  letExpire(lease: Lease, ttlMs: number): void {
    this.#held.delete(lease);
    this.attempt(lease.channel, () => chain(this.#touch(lease, ttlMs), () => undefined));
  }

  /** Removes an entry, whoever holds it. */
  remove(channel: string, entry: Omit<Lease['entry'], 'payload'>): MaybePromise<void> {
    return chain(this.#store(channel, { ...entry, kind: 'delete', payload: '' }), () => undefined);
  }

  /** Called every second. */
  tick(): void {
    const now = this.#options.clock.now();
    for (const [lease, renewal] of this.#held) {
      if (Math.abs(now - renewal.askedAt) < renewMs) continue;
      renewal.askedAt = now;
      // After a failed renewal, or a pause of the node, the entry may be gone although the lease still holds: put it
      // again.
      const isSure = Math.abs(now - renewal.keptAt) < leaseMs - renewMs;
      this.attempt(lease.channel, () => {
        const renewed = isSure ? this.#touch(lease, leaseMs) : this.#put(lease);
        return chain(renewed, ({ epoch }) => this.#renewed(lease, renewal, { epoch, at: now }, isSure));
      });
    }
  }

  /** Where another log took the place of the one that had the entry, it is put there (EPOCH-3). */
  #renewed(
    lease: Lease,
    renewal: Renewal,
    { epoch, at }: { readonly epoch: string; readonly at: number },
    wasTouched: boolean,
  ): MaybePromise<void> {
    renewal.keptAt = at;
    const isOther = renewal.epoch !== undefined && renewal.epoch !== epoch;
    renewal.epoch = epoch;
    if (!isOther || !wasTouched || !this.#held.has(lease)) return;
    return chain(this.#put(lease), (put) => void (renewal.epoch = put.epoch));
  }

  /** Does what is made good by the next renewal, or by the end of the lease, when it fails. */
  attempt(channel: string, work: () => MaybePromise<void>): void {
    void guard(work, (error) => {
      // A failure of the store has been logged there.
      if (!(error instanceof LongwaveError)) this.#options.logger.error(`An entry of ${channel} was not kept.`, error);
    });
  }

  #put({ channel, entry }: Lease): MaybePromise<Appended> {
    return this.#store(channel, { ...entry, ttlMs: leaseMs, holder: this.#options.node, ifChanged: true });
  }

  #touch({ channel, entry: { key } }: Lease, ttlMs: number): MaybePromise<Appended> {
    return this.#store(channel, { kind: 'touch', key, ttlMs, holder: this.#options.node, payload: '' });
  }

  #store(channel: string, operation: NewOperation): MaybePromise<Appended> {
    const { publisher, registry } = this.#options;
    const { bounds } = registry.resolve(channel)!.definition as StateDefinition;
    return publisher.store(channel, operation, bounds);
  }
}
