import {
  LongwaveError,
  type ResolvedPresence,
  type ServerFrame,
  type StateDefinition,
  encodePayload,
  presencePrefix,
} from '@longwave/protocol';
import type { Clock, Logger, NewOperation } from './ports.js';
import type { Registry } from './registry.js';
import type { Identity } from './authority.js';
import { type Publisher, validate } from './publisher.js';
import { type MaybePromise, chain, guard } from './maybe-promise.js';

/** A connection of a client that is a member. */
export interface Holder {
  readonly state: 'opening' | 'open' | 'closed';
  readonly clientKey: string;
  readonly identity: Identity;
  readonly turn: number;
  send(frame: ServerFrame): void;
}

/** What a client says of itself. */
export interface MemberSays {
  readonly data: unknown;
  readonly away: boolean;
}

interface Membership {
  session: Holder;
  readonly channel: string;
  readonly key: string;
  readonly graceMs: number;
  payload: string;
  heldAt: number;
}

/** A member whose node says nothing of it for so long is gone: the node is. */
const leaseMs = 30_000;
const renewMs = 10_000;
const maxMemberships = 256;

export interface MembersOptions {
  readonly node: string;
  readonly registry: Registry;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly logger: Logger;
  /** One-way, so that the key of a member, which all can see, tells nothing of the client's secret. */
  readonly digest: (text: string) => string;
  /** The session that a client has on this node. */
  readonly find: (clientKey: string) => Holder | undefined;
}

/**
 * The members that are connected to this node (PRES-1 to PRES-3). Each is an entry with an end: as long as the connection
 * lasts the node moves it on, afterwards it comes.
 */
export class Members {
  readonly #options: MembersOptions;
  /** By session: nearly all have none. */
  readonly #memberships = new Map<Holder, Map<string, Membership>>();

  constructor(options: MembersOptions) {
    this.#options = options;
  }

  /** Returns the key of the member. Throws or rejects with `wrong-mode`, `invalid-data`, `too-many` or what the store refuses. */
  enter(
    session: Holder,
    name: string,
    presence: ResolvedPresence | undefined,
    { data, away }: MemberSays,
  ): MaybePromise<string> {
    if (!presence) throw new LongwaveError('wrong-mode', 'The channel has no members.');
    const mine = this.#memberships.get(session) ?? new Map<string, Membership>();
    if (mine.size >= maxMemberships && !mine.has(name)) {
      throw new LongwaveError('too-many', `A connection may be a member of ${maxMemberships} channels.`);
    }
    return chain(validate(presence.member, data), (valid) => {
      const payload = encodePayload({ data: valid, away });
      if (typeof payload !== 'string') throw new LongwaveError('invalid-data');
      const { graceMs } = presence;
      const { digest, clock } = this.#options;
      const key = digest(session.clientKey);
      const membership: Membership = { session, channel: name, key, graceMs, payload, heldAt: clock.now() };
      return chain(this.#hold(membership), () => {
        if (session.state === 'closed') this.#release(membership);
        else this.#memberships.set(session, mine.set(name, membership));
        return key;
      });
    });
  }

  /** By whichever connection or request of the client it is asked. */
  exit(session: Holder, channel: string): MaybePromise<void> {
    const { digest, registry, find } = this.#options;
    if (!registry.resolve(channel)?.definition.presence) return undefined;
    for (const holder of [session, find(session.clientKey)]) if (holder) this.#forget(holder, channel);
    const key = digest(session.clientKey);
    const { turn: rank, identity } = session;
    return this.#store(channel, { kind: 'delete', key, user: identity.user, rank, payload: '' });
  }

  /** PRES-3: the right was withdrawn. */
  revoke(session: Holder, channel: string): void {
    session.send({ type: 'exited', channel, code: 'forbidden' });
    this.#try(channel, () => this.exit(session, channel));
  }

  has(session: Holder): boolean {
    return this.#memberships.has(session);
  }

  /** Channels that the connection's client is a member of. */
  of(session: Holder): readonly string[] {
    return [...(this.#memberships.get(session)?.keys() ?? [])];
  }

  /** The connection has ended: from now on the grace runs (PRES-2). */
  left(session: Holder): void {
    const memberships = this.#memberships.get(session);
    if (!memberships) return;
    this.#memberships.delete(session);
    for (const membership of memberships.values()) this.#release(membership);
  }

  /** Called every second. */
  tick(): void {
    const now = this.#options.clock.now();
    for (const memberships of this.#memberships.values()) {
      for (const membership of memberships.values()) {
        const heldMs = Math.abs(now - membership.heldAt);
        if (heldMs < renewMs) continue;
        membership.heldAt = now;
        // A node that stood still for so long may find its members expired: they are there nevertheless.
        this.#try(membership.channel, () =>
          heldMs < leaseMs ? this.#touch(membership, leaseMs) : this.#hold(membership),
        );
      }
    }
  }

  #hold({ channel, key, payload, session }: Membership): MaybePromise<void> {
    const { user } = session.identity;
    const { node: holder } = this.#options;
    const { turn: rank } = session;
    return this.#store(channel, { key, payload, user, ttlMs: leaseMs, holder, rank, ifChanged: true });
  }

  /** Another node may hold it by now: then this changes nothing. */
  #release(membership: Membership): void {
    this.#try(membership.channel, () => this.#touch(membership, membership.graceMs));
  }

  #touch({ channel, key }: Membership, ttlMs: number): MaybePromise<void> {
    return this.#store(channel, { kind: 'touch', key, ttlMs, holder: this.#options.node, payload: '' });
  }

  #store(channel: string, operation: NewOperation): MaybePromise<void> {
    const { publisher, registry } = this.#options;
    const name = presencePrefix + channel;
    const { bounds } = registry.resolve(name)!.definition as StateDefinition;
    return chain(publisher.store(name, operation, bounds), () => undefined);
  }

  #forget(session: Holder, channel: string): void {
    const memberships = this.#memberships.get(session);
    memberships?.delete(channel);
    if (memberships?.size === 0) this.#memberships.delete(session);
  }

  /** What fails is made good by the next tick, or by the end of the lease. */
  #try(channel: string, work: () => MaybePromise<void>): void {
    void guard(work, (error) => {
      // What the store failed with was told there.
      if (!(error instanceof LongwaveError))
        this.#options.logger.error(`A member of ${channel} was not renewed.`, error);
    });
  }
}
