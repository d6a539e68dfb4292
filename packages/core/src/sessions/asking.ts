import { type ClientCalls, type Code, LongwaveError, type ServerFrame, wireLimits } from '@longwave/protocol';
import type { Identity } from '../base/authority.js';
import { fault } from '../base/fault.js';
import type { Clock, LinkKind } from '../base/ports.js';
import type { Timers } from '../base/timers.js';
import { connectionId } from './connection-id.js';
import { PastRequests } from './past-requests.js';

/** Calls that wait for one client's answers at most (CALL-5). */
const maxPending = 64;
/** Milliseconds for a client over requests to come back with the next one (CALL-4). */
const returnMs = 3000;
/** Connections of one user that a node calls at most. */
const maxCalled = 1000;
/** Calls of other nodes that wait here for their clients to come. */
const maxAwaited = 10_000;

/** The answer of a client, or why there is none. */
export type Result = { readonly value: unknown } | { readonly error: LongwaveError };

/** The result at one connection. */
export interface ConnectionResult {
  readonly connection: string;
  /** Requests of one client may be known to several nodes. */
  readonly client: string;
  readonly result: Result;
}

/** A call of the server, checked. */
export interface Question {
  /** The same on all nodes: a client answers it once (CALL-4). */
  readonly id: number;
  readonly method: string;
  readonly value: unknown;
  readonly timeoutMs: number;
}

/** The part of a session that is called. */
export interface Callee {
  readonly id: string;
  readonly serial: number;
  readonly clientKey: string;
  readonly identity: Identity;
  readonly kind: LinkKind;
  readonly plain: boolean;
  /** Units that wait to be sent to it. */
  readonly pendingUnits: number;
  send(frame: ServerFrame): void;
}

/** The other nodes. Both reject with what the store failed with. */
export interface OtherNodes {
  /** Hands the answer to a call on to whichever of them asked. */
  handOn(clientKey: string, id: number, result: Result): Promise<unknown>;
  /** The client may come to one of them: it is to be asked there. */
  announce(clientKey: string, question: Question): Promise<unknown>;
}

export interface AskingHost {
  readonly node: string;
  /** Methods of clients. Without any, none is called, and no request that is over has to lead to its client. */
  readonly definitions: ClientCalls;
  readonly timers: Timers;
  readonly clock: Clock;
  readonly directory: {
    find(clientKey: string): Callee | undefined;
    withSerial(serial: number): Callee | undefined;
    sessionsOf(user: string): readonly Callee[];
  };
}

interface Pending {
  /** The connection that it was sent on, where the answer can come over no other. */
  serial: number | undefined;
  readonly finish: (result: Result) => void;
}

/** Calls of the server to clients of this node (CALL-3 to CALL-5). */
export class Asking {
  /** Undefined: this node is alone. */
  others: OtherNodes | undefined;
  readonly #host: AskingHost;
  /** By client, then by the call's id. */
  readonly #pending = new Map<string, Map<number, Pending>>();
  readonly #past = new PastRequests();
  readonly #remembers: boolean;
  /** Answers of a client that are being handed on. */
  readonly #handing = new Map<string, number>();
  readonly #awaited = new Map<string, Set<(callee: Callee) => void>>();

  constructor(host: AskingHost) {
    this.#host = host;
    this.#remembers = Object.keys(host.definitions).length > 0;
  }

  /** Calls the connection with this number. Never rejects. */
  askConnection(serial: number, question: Question): Promise<Result> {
    const { directory } = this.#host;
    const session = directory.withSerial(serial);
    const clientKey = session?.clientKey ?? this.#past.find(serial, this.#host.clock.now())?.clientKey;
    if (!clientKey || (session && !isCallable(session))) return Promise.resolve({ error: gone() });
    return this.#ask(clientKey, session ?? directory.find(clientKey), question);
  }

  /** Calls all connections of the user. Never rejects. */
  askUser(user: string, question: Question): Promise<readonly ConnectionResult[]> {
    const { directory, clock } = this.#host;
    const here = directory
      .sessionsOf(user)
      .filter(isCallable)
      .map((session) => ({ session, id: session.id, clientKey: session.clientKey }));
    const coming = this.#past
      .ofUser(user, clock.now() - returnMs)
      .filter(({ clientKey }) => !directory.find(clientKey));
    const newest = new Map(
      coming.map(({ serial, clientKey }) => [
        clientKey,
        { session: undefined, id: connectionId(this.#host.node, serial), clientKey },
      ]),
    );
    const called = [...here, ...newest.values()].slice(0, maxCalled);
    return Promise.all(
      called.map(async ({ session, id, clientKey }) => ({
        connection: id,
        client: clientKey,
        result: await this.#ask(clientKey, session, question),
      })),
    );
  }

  /** Takes an answer. One that nobody here waits for is dropped. */
  settle(clientKey: string, id: number, result: Result): void {
    this.#pending.get(clientKey)?.get(id)?.finish(result);
  }

  /**
   * Takes an answer of a client, for which another node may wait: then it is handed on. Rejects with what the store
   * failed with, and with `rate-limited` where a client sends more than anybody asked for (CALL-5).
   */
  async settleAnywhere({ clientKey, kind }: Callee, id: number, result: Result): Promise<void> {
    const isHere = this.#pending.get(clientKey)?.has(id) === true;
    this.settle(clientKey, id, result);
    // Several nodes may wait for the answer of a client over requests.
    if ((isHere && kind === 'duplex') || !this.others) return;
    const busy = this.#handing.get(clientKey) ?? 0;
    if (busy >= maxPending) throw fault('rate-limited', 100);
    this.#handing.set(clientKey, busy + 1);
    try {
      await this.others.handOn(clientKey, id, result);
    } finally {
      const left = this.#handing.get(clientKey)! - 1;
      if (left > 0) this.#handing.set(clientKey, left);
      else this.#handing.delete(clientKey);
    }
  }

  /** Another node waits for this client: it is asked here, if it is here or comes in time. Its answer is handed on. */
  awaitFor(clientKey: string, question: Question): void {
    const session = this.#host.directory.find(clientKey);
    if (session) return isCallable(session) ? send(session, question) : undefined;
    if (this.#awaited.size < maxAwaited) this.#await(clientKey, (callee) => send(callee, question));
  }

  entered(session: Callee): void {
    if (this.#awaited.size === 0 || !isCallable(session)) return;
    const waiting = this.#awaited.get(session.clientKey);
    if (!waiting) return;
    this.#awaited.delete(session.clientKey);
    for (const ask of waiting) {
      waiting.delete(ask);
      ask(session);
    }
  }

  left(session: Callee, reason: Code): void {
    const { serial, clientKey, identity, kind, plain } = session;
    if (kind === 'upstream' || plain) return;
    if (kind === 'downstream' && (reason === 'closed' || reason === 'superseded')) {
      const { clock } = this.#host;
      if (this.#remembers) this.#past.add({ serial, clientKey, user: identity.user, at: clock.now() });
      return;
    }
    for (const pending of [...(this.#pending.get(clientKey)?.values() ?? [])]) {
      if (kind === 'downstream' || pending.serial === serial) pending.finish({ error: gone() });
    }
  }

  #ask(clientKey: string, session: Callee | undefined, question: Question): Promise<Result> {
    const calls = this.#pending.get(clientKey) ?? new Map<number, Pending>();
    if (calls.size >= maxPending || (session && session.pendingUnits > wireLimits.messageBytes)) {
      return Promise.resolve({ error: fault('rate-limited', 100) });
    }
    return new Promise((resolve) => {
      let cancel = (): void => undefined;
      let stopWaiting = (): void => undefined;
      const finish = (result: Result): void => {
        if (!calls.delete(question.id)) return;
        if (calls.size === 0) this.#pending.delete(clientKey);
        cancel();
        stopWaiting();
        resolve(result);
      };
      const pending: Pending = { serial: undefined, finish };
      this.#pending.set(clientKey, calls.set(question.id, pending));
      cancel = this.#host.timers.after(
        question.timeoutMs,
        () => finish({ error: fault('timeout') }),
        () => finish({ error: fault('going-away') }),
      );
      const ask = (callee: Callee): void => {
        if (callee.kind === 'duplex') pending.serial = callee.serial;
        send(callee, question);
      };
      if (session) return ask(session);
      stopWaiting = this.#await(clientKey, ask, () => finish({ error: gone() }));
      // Where the others cannot be told it may still come back here.
      this.others?.announce(clientKey, question).catch(() => undefined);
    });
  }

  /** Its request is over, and the next one is on its way. */
  #await(clientKey: string, ask: (callee: Callee) => void, onGone?: () => void): () => void {
    const waiting = this.#awaited.get(clientKey) ?? new Set();
    this.#awaited.set(clientKey, waiting.add(ask));
    const stop = (): void => {
      waiting.delete(ask);
      if (waiting.size === 0 && this.#awaited.get(clientKey) === waiting) this.#awaited.delete(clientKey);
    };
    const cancel = this.#host.timers.after(returnMs, () => {
      if (!waiting.has(ask)) return;
      stop();
      onGone?.();
    });
    return () => {
      cancel();
      stop();
    };
  }
}

function send(callee: Callee, { id, method, value: data }: Question): void {
  callee.send({ type: 'ask', id, method, data });
}

function isCallable({ kind, plain, clientKey }: Callee): boolean {
  return kind !== 'upstream' && !plain && clientKey !== '';
}

function gone(): LongwaveError {
  return new LongwaveError('unavailable', 'The connection is gone.');
}
