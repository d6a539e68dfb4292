import {
  LongwaveError,
  type ResolvedPresence,
  type ServerFrame,
  encodePayload,
  presencePrefix,
} from '@longwave/protocol';
import type { Identity } from '../base/authority.js';
import type { Clock } from '../base/ports.js';
import type { Lease, Leases } from './leases.js';
import type { Registry } from '../channels/registry.js';
import type { PendingAppends } from '../channels/pending-appends.js';
import { validate } from '../channels/publisher.js';
import { type MaybePromise, chain } from '../base/maybe-promise.js';

/** A connection of a client that is a member. */
export interface MemberSession {
  readonly state: 'opening' | 'open' | 'closed';
  readonly clientKey: string;
  readonly identity: Identity;
  /** Rises with the client's connections. */
  readonly rank: number;
  readonly context: { readonly appends: PendingAppends };
  send(frame: ServerFrame): void;
}

/** Data and state that a client gives for its membership. */
export interface MemberSays {
  readonly data: unknown;
  readonly away: boolean;
}

interface Membership {
  readonly lease: Lease;
  readonly graceMs: number;
}

/** A membership whose connection has ended, within its grace. */
interface Lingering {
  readonly lease: Lease;
  readonly until: number;
}

/** The part of a channel's definition that presence uses. */
interface HasPresence {
  readonly presence?: ResolvedPresence | undefined;
}

const maxMemberships = 256;

export interface MembersOptions {
  readonly leases: Leases;
  readonly registry: Registry;
  /** One-way, so that the key of a member, which all can see, tells nothing of the client's secret. */
  readonly digest: (text: string) => string;
  readonly clock: Pick<Clock, 'now'>;
  /** The session that a client has on this node. */
  readonly find: (clientKey: string) => MemberSession | undefined;
}

/**
 * The members that are connected to this node (PRES-1 to PRES-3). Each is an entry with an end: as long as the
 * connection lasts the node moves it on, afterwards it comes.
 */
export class Members {
  readonly #options: MembersOptions;
  /** By session, then by channel: nearly all sessions have none. */
  readonly #memberships = new Map<MemberSession, Map<string, Membership>>();
  /** By user: memberships within the grace. Their user may be disconnected meanwhile. */
  readonly #lingering = new Map<string, Lingering[]>();
  /** Sessions that ended because their user was disconnected. */
  readonly #expelled = new WeakSet<MemberSession>();

  constructor(options: MembersOptions) {
    this.#options = options;
  }

  /**
   * Returns the key of the member. `commit` lets it be stored, or throws. Throws or rejects with `wrong-mode`,
   * `invalid-data`, `too-many` or what the store refuses.
   */
  enter(
    session: MemberSession,
    { name, definition: { presence } }: { readonly name: string; readonly definition: HasPresence },
    { data, away }: MemberSays,
    commit: (store: () => MaybePromise<void>, data: unknown) => MaybePromise<void>,
  ): MaybePromise<string> {
    if (!presence) throw new LongwaveError('wrong-mode', 'The channel has no members.');
    const mine = this.#memberships.get(session) ?? new Map<string, Membership>();
    if (mine.size >= maxMemberships && !mine.has(name)) {
      throw new LongwaveError('too-many', `A connection may be a member of ${maxMemberships} channels.`);
    }
    return chain(validate(presence.member, data), (valid) => {
      const { leases, digest } = this.#options;
      const { graceMs } = presence;
      const key = digest(session.clientKey);
      const { rank, identity } = session;
      const payload = `{"data":${jsonOf(valid)},"away":${away}}`;
      const lease: Lease = { channel: presencePrefix + name, entry: { key, payload, user: identity.user, rank } };
      const hold = (): MaybePromise<void> => session.context.appends.add(session, leases.hold(lease));
      return chain(commit(hold, valid), () => {
        leases.forget(mine.get(name)?.lease);
        if (this.#expelled.has(session)) this.#remove(lease);
        else if (session.state === 'closed') this.#linger(lease, graceMs);
        else this.#memberships.set(session, mine.set(name, { lease, graceMs }));
        return key;
      });
    });
  }

  /** By whichever connection or request of the client it is asked. */
  exit(session: MemberSession, channel: string): MaybePromise<void> {
    const { leases, digest, registry, find } = this.#options;
    if (!registry.resolve(channel)?.definition.presence) return undefined;
    for (const member of [session, find(session.clientKey)]) if (member) this.#forget(member, channel);
    const { rank, identity, clientKey } = session;
    return leases.remove(presencePrefix + channel, { key: digest(clientKey), user: identity.user, rank });
  }

  /** PRES-3: the right was withdrawn. */
  revoke(session: MemberSession, channel: string): void {
    session.send({ type: 'exited', channel, code: 'forbidden' });
    this.#options.leases.attempt(channel, () => this.exit(session, channel));
  }

  has(session: MemberSession): boolean {
    return this.#memberships.has(session);
  }

  /** Channels that the connection's client is a member of. */
  of(session: MemberSession): readonly string[] {
    return [...(this.#memberships.get(session)?.keys() ?? [])];
  }

  /** The connection has ended: from now on the grace runs (PRES-2). */
  left(session: MemberSession): void {
    const memberships = this.#memberships.get(session);
    if (!memberships) return;
    this.#memberships.delete(session);
    for (const { lease, graceMs } of memberships.values()) this.#linger(lease, graceMs);
  }

  /** PRES-5: a connection of a user who is disconnected; it ends next. No grace runs. */
  expel(session: MemberSession): void {
    this.#expelled.add(session);
    const memberships = this.#memberships.get(session);
    if (!memberships) return;
    this.#memberships.delete(session);
    for (const { lease } of memberships.values()) this.#remove(lease);
  }

  /** PRES-5: and what is left of the user's connections that ended before. */
  expelUser(user: string): void {
    const lingering = this.#lingering.get(user) ?? [];
    this.#lingering.delete(user);
    for (const { lease } of lingering) this.#remove(lease);
  }

  /** Called every second. */
  tick(): void {
    const now = this.#options.clock.now();
    for (const [user, lingering] of this.#lingering) {
      const left = lingering.filter(({ until }) => until > now);
      if (left.length === 0) this.#lingering.delete(user);
      else if (left.length < lingering.length) this.#lingering.set(user, left);
    }
  }

  #linger(lease: Lease, graceMs: number): void {
    const { leases, clock } = this.#options;
    leases.letExpire(lease, graceMs);
    const { user } = lease.entry;
    if (user === undefined || graceMs === 0) return;
    const entry = { lease, until: clock.now() + graceMs };
    const others = this.#lingering.get(user);
    if (others) others.push(entry);
    else this.#lingering.set(user, [entry]);
  }

  #remove(lease: Lease): void {
    const { leases } = this.#options;
    const { key, user, rank } = lease.entry;
    leases.forget(lease);
    leases.attempt(lease.channel, () => leases.remove(lease.channel, { key, user, rank }));
  }

  #forget(session: MemberSession, channel: string): void {
    const memberships = this.#memberships.get(session);
    if (!memberships) return;
    this.#options.leases.forget(memberships.get(channel)?.lease);
    memberships.delete(channel);
    if (memberships.size === 0) this.#memberships.delete(session);
  }
}

/** Throws `invalid-data` for bytes, which have no place inside JSON, and as `encodePayload` does. */
function jsonOf(data: unknown): string {
  const payload = encodePayload(data);
  if (typeof payload === 'string') return payload;
  throw new LongwaveError('invalid-data', 'A member says JSON of itself, not bytes.');
}
