import type { Identity } from '../base/authority.js';
import { Returning } from '../base/returning.js';

/** An authenticated connection. */
export interface Member {
  /** Counts the connections and requests of a node. */
  readonly serial: number;
  readonly identity: Identity;
  /** The user and the client's id. */
  readonly clientKey: string;
}

/** A request without a session. */
export interface Guest {
  readonly identity: Identity;
  rights: number;
}

/** The open sessions of a node, by client and by user. */
export class Directory<M extends Member> {
  readonly #clients = new Returning<M>();
  // Arrays, not sets: most users have one connection, and a set costs ten times as much.
  readonly #users = new Returning<M[]>();
  readonly sessions: Iterable<M> & { readonly size: number };
  /** All sessions. Made when one is asked for by its number: most applications never do. */
  #bySerial: Map<number, M> | undefined;
  readonly guests = new Set<Guest>();
  /** Publishes and calls that clients have in flight over requests. Clients without any are not in it. */
  readonly #inflight = new Map<string, number>();

  /** `sessions`: all that the node has, also those that are not open. */
  constructor(sessions: Iterable<M> & { readonly size: number }) {
    this.sessions = sessions;
  }

  add(session: M): void {
    this.#bySerial?.set(session.serial, session);
  }

  remove(session: M): void {
    this.#bySerial?.delete(session.serial);
  }

  withSerial(serial: number): M | undefined {
    this.#bySerial ??= new Map([...this.sessions].map((session) => [session.serial, session]));
    return this.#bySerial.get(serial);
  }

  find(clientKey: string): M | undefined {
    return this.#clients.get(clientKey);
  }

  /** Enters an authenticated session. Returns the one of the same client that it supersedes (SES-4). */
  enter(session: M): M | undefined {
    const older = this.#clients.get(session.clientKey);
    this.#clients.set(session.clientKey, session);
    this.enterBeside(session);
    return older;
  }

  /** Enters one that stands beside its client's connection and supersedes none (HTTP-4). */
  enterBeside(session: M): void {
    const { user } = session.identity;
    if (user === undefined) return;
    const sessions = this.#users.get(user);
    if (sessions) sessions.push(session);
    else this.#users.set(user, [session]);
  }

  /** `returns`: another request of the client is expected in its place. */
  leave(session: M, returns = false): void {
    const { clientKey } = session;
    const { user } = session.identity;
    if (this.#clients.get(clientKey) === session) this.#clients.delete(clientKey, returns);
    if (user === undefined) return;
    const sessions = this.#users.get(user);
    if (!sessions) return;
    if (sessions.length > 1)
      this.#users.set(
        user,
        sessions.filter((other) => other !== session),
      );
    else if (sessions[0] === session) this.#users.delete(user, returns);
  }

  /** Called every second. */
  tick(): void {
    this.#clients.sweep();
    this.#users.sweep();
  }

  /** Publishes and calls of a client that its requests have yet to answer (HTTP-15). */
  inflightOf(clientKey: string): number {
    return this.#inflight.get(clientKey) ?? 0;
  }

  countInflight({ clientKey }: M, change: 1 | -1): void {
    const inflight = this.inflightOf(clientKey) + change;
    if (inflight > 0) this.#inflight.set(clientKey, inflight);
    else this.#inflight.delete(clientKey);
  }

  /** A copy: sessions may leave while the caller goes through them. */
  sessionsOf(user: string): readonly M[] {
    return [...(this.#users.get(user) ?? [])];
  }
}
