import type { Context, Session } from '../sessions/session.js';
import type { Timers } from '../base/timers.js';
import { type MaybePromise, chain, isPromise } from '../base/maybe-promise.js';
import { recheck } from '../sessions/rights/recheck.js';

/** An order to all nodes about a user. */
export interface Order {
  readonly user: string;
  readonly message?: string | undefined;
  /** This connection alone, by its id. */
  readonly connection?: string | undefined;
}

/** A connection of a user. */
export interface UserConnection {
  /** `connection.id` of hooks and calls. */
  readonly id: string;
  readonly node: string;
  /** When it was accepted: milliseconds since the Unix epoch. */
  readonly since: number;
  readonly transport: string;
  /** Where it is known. */
  readonly remoteAddress?: string | undefined;
}

/** The connections of a user. */
export interface UserConnections {
  readonly connections: readonly UserConnection[];
  /** Nodes that did not answer within 2 s: there may be more connections there. */
  readonly missing: readonly string[];
}

/** The result on this node. */
export interface Here {
  readonly connections: number;
  /** Settled when no work of the connections is under way any more: nothing of theirs is stored or delivered afterwards. */
  readonly done: MaybePromise<void>;
}

/** Milliseconds for the work under way on this node to end. */
const answerMs = 2000;
/** Connections of one user that a node tells of at most. */
const maxListed = 1000;

/** The user's connections to this node. Requests beside a client's connection are none. */
export function connectionsHere({ directory, node }: Context, user: string): readonly UserConnection[] {
  return directory
    .sessionsOf(user)
    .filter(isConnection)
    .slice(0, maxListed)
    .map(({ id, since, info: { transport, remoteAddress } }) => ({ id, node, since, transport, remoteAddress }));
}

/** Ends the user's connections to this node, and those that are being made (SES-12), or the one that is named. */
export function disconnectHere(context: Context, { user, message, connection }: Order): Here {
  const { directory, admissions, members, appends } = context;
  const sessions = directory.sessionsOf(user).filter(({ id }) => connection === undefined || id === connection);
  if (connection === undefined) admissions.disconnected(user);
  for (const session of sessions) {
    members.expel(session);
    session.end('disconnected', message);
  }
  const ended =
    connection === undefined ? [...appends.owners].filter(({ identity }) => identity.user === user) : sessions;
  if (connection === undefined) members.expelUser(user);
  return { connections: countOf(sessions), done: all(ended.map((owner) => appends.settled(owner))) };
}

/** Asks for the rights of the user's connections to this node anew (SUB-6). */
export function recheckHere({ directory, appends }: Context, user: string): Here {
  const sessions = directory.sessionsOf(user);
  for (const guest of directory.guests) if (guest.identity.user === user) guest.rights++;
  return {
    connections: countOf(sessions),
    done: all(sessions.map((session) => chain(recheck(session), () => appends.settled(session)))),
  };
}

function countOf(sessions: readonly Session[]): number {
  return sessions.filter(isConnection).length;
}

function isConnection({ kind }: Session): boolean {
  return kind !== 'upstream';
}

function all(pending: readonly MaybePromise<void>[]): MaybePromise<void> {
  const promises = pending.filter(isPromise);
  return promises.length > 0 ? Promise.all(promises).then(() => undefined) : undefined;
}

/** Those to this node and to the others, oldest first. */
export function withThose(
  here: readonly UserConnection[],
  { connections, missing }: UserConnections = { connections: [], missing: [] },
): UserConnections {
  return { connections: [...here, ...connections].toSorted((a, b) => a.since - b.since), missing };
}

/**
 * Names this node as one that did not answer, where the work under way there takes longer than others are waited for: as when its
 * store is away.
 */
export async function inTime(node: string, timers: Timers, done: MaybePromise<void>): Promise<readonly string[]> {
  if (!isPromise(done)) return [];
  return Promise.race([done.then(() => []), timers.wait(answerMs).then(() => [node])]);
}
