import { isLog } from '@longwave/protocol';
import type { ConnectionInfo, Identity } from '../../base/authority.js';
import type { ConnectionContext } from '../../base/hooks.js';
import type { ReadQuery, StoredPage } from '../../base/ports.js';
import type { Context } from '../session.js';
import { type Caller, authorizedAddress, confirmed } from './address.js';
import { type Arrival, admit } from './admit.js';
import { requireHistory } from '../../channels/require-mode.js';
import { checkNotExpired } from './expiry.js';
import { fault } from '../../base/fault.js';
import { nextConnectionId } from '../context.js';
import { maxRequestWaitMs } from '../../rates/rates.js';

/** Somebody who asks for one thing and goes, over a transport without sessions. */
export interface Visitor {
  readonly token: string | undefined;
  readonly info: ConnectionInfo;
}

export interface Visit {
  readonly identity: Identity;
  readonly page: StoredPage;
  /** Data of its messages may be taken later (RED-1). */
  readonly redactable: boolean;
}

/** A visitor who was let in. */
class Guest implements Caller {
  readonly context: Context;
  readonly identity: Identity;
  readonly #arrival: Arrival;
  readonly #admission: number;
  rights = 0;

  constructor(context: Context, arrival: Arrival, identity: Identity, admission: number) {
    this.context = context;
    this.identity = identity;
    this.#arrival = arrival;
    this.#admission = admission;
  }

  get view(): ConnectionContext {
    const { id, info } = this.#arrival;
    const { user, claims } = this.identity;
    return { connection: { id }, user, claims, info };
  }

  checkActs(): void {
    checkNotExpired(this.identity, this.context.clock);
    if (!this.context.admissions.holds(this.#admission, this.identity)) throw fault('disconnected');
  }
}

/** A page of the log for a visitor, who needs what a client needs: to be let in, and the right (READ-5). */
export async function readAs(
  context: Context,
  { token, info }: Visitor,
  channel: string,
  query: ReadQuery,
): Promise<Visit> {
  const { admissions } = context;
  const admission = admissions.begin();
  try {
    const arrival = { id: nextConnectionId(context), info };
    const identity = await admit(context, token, arrival, admission);
    return { identity, ...(await read(new Guest(context, arrival, identity, admission), info, channel, query)) };
  } finally {
    admissions.end();
  }
}

async function read(
  guest: Guest,
  info: ConnectionInfo,
  channel: string,
  query: ReadQuery,
): Promise<Omit<Visit, 'identity'>> {
  const { context, identity } = guest;
  const { hooks, store, directory, clock } = context;
  const since = clock.now();
  directory.guests.add(guest);
  try {
    requireRate(context, identity, info);
    const address = await authorizedAddress(guest, channel, 'history');
    requireHistory(address.definition);
    const page = await store.read(address.key, query);
    const redactable = isLog(address.definition) && address.definition.redactable;
    return await confirmed(guest, 'history', address, () => ({ page, redactable }));
  } finally {
    directory.guests.delete(guest);
    // Counts that the application keeps by hooks must come out right.
    hooks.disconnect?.({ ...guest.view, reason: 'closed', durationMs: Math.max(0, clock.now() - since) });
  }
}

/** HTTP-8. It does not wait: its debt is bounded as well. */
function requireRate({ rates }: Context, { user }: Identity, info: ConnectionInfo): void {
  const waitMs = rates.request({ clientKey: undefined, user, cost: () => 1, info });
  if (waitMs > maxRequestWaitMs) throw fault('rate-limited', Math.ceil(waitMs));
}
