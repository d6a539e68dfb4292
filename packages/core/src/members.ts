import {
  LongwaveError,
  type ResolvedPresence,
  type ServerFrame,
  encodeBounded,
  presencePrefix,
} from '@longwave/protocol';
import type { Identity } from './authority.js';
import type { Lease, Leases } from './leases.js';
import type { Registry } from './registry.js';
import { validate } from './publisher.js';
import { type MaybePromise, chain } from './maybe-promise.js';

/** A connection of a client that is a member. */
export interface MemberSession {
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
  readonly lease: Lease;
  readonly graceMs: number;
}

const maxMemberships = 256;

export interface MembersOptions {
  readonly leases: Leases;
  readonly registry: Registry;
  /** One-way, so that the key of a member, which all can see, tells nothing of the client's secret. */
  readonly digest: (text: string) => string;
  /** The session that a client has on this node. */
  readonly find: (clientKey: string) => MemberSession | undefined;
}

/**
 * The members that are connected to this node (PRES-1 to PRES-3). Each is an entry with an end: as long as the connection
 * lasts the node moves it on, afterwards it comes.
 */
export class Members {
  readonly #options: MembersOptions;
  /** By session, then by channel: nearly all sessions have none. */
  readonly #memberships = new Map<MemberSession, Map<string, Membership>>();

  constructor(options: MembersOptions) {
    this.#options = options;
  }

  /** Returns the key of the member. Throws or rejects with `wrong-mode`, `invalid-data`, `too-many` or what the store refuses. */
  enter(
    session: MemberSession,
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
      const { leases, digest } = this.#options;
      const { graceMs } = presence;
      const key = digest(session.clientKey);
      const { turn: rank, identity } = session;
      const payload = `{"data":${jsonOf(valid)},"away":${away}}`;
      const lease: Lease = { channel: presencePrefix + name, entry: { key, payload, user: identity.user, rank } };
      return chain(leases.hold(lease), () => {
        leases.forget(mine.get(name)?.lease);
        if (session.state === 'closed') leases.letExpire(lease, graceMs);
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
    const { turn: rank, identity, clientKey } = session;
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
    for (const { lease, graceMs } of memberships.values()) this.#options.leases.letExpire(lease, graceMs);
  }

  #forget(session: MemberSession, channel: string): void {
    const memberships = this.#memberships.get(session);
    if (!memberships) return;
    this.#options.leases.forget(memberships.get(channel)?.lease);
    memberships.delete(channel);
    if (memberships.size === 0) this.#memberships.delete(session);
  }
}

/** Throws `invalid-data` for bytes, which have no place inside JSON, and as `encodeBounded` does. */
function jsonOf(data: unknown): string {
  const payload = encodeBounded(data);
  if (typeof payload === 'string') return payload;
  throw new LongwaveError('invalid-data', 'A member says JSON of itself, not bytes.');
}
