import { LongwaveError, isLog } from '@longwave/protocol';
import type { ConnectionInfo, Identity } from './authority.js';
import type { ReadQuery, StoredPage } from './ports.js';
import type { Context } from './session.js';
import { authorizedAddress } from './address.js';
import { admit } from './admit.js';
import { fault } from './fault.js';
import { guard } from './maybe-promise.js';
import { maxTurnMs } from './rates.js';

/** Somebody who asks for one thing and goes, over a transport without sessions. */
export interface Visitor {
  readonly token: string | undefined;
  readonly info: ConnectionInfo;
}

export interface Visit {
  readonly identity: Identity;
  readonly page: StoredPage;
}

/** A page of the log for a visitor, who needs what a client needs: to be let in, and the right (READ-5). */
export async function readAs(
  context: Context,
  { token, info }: Visitor,
  channel: string,
  query: ReadQuery,
): Promise<Visit> {
  const { hooks, store, logger } = context;
  const identity = await admit(context, token, info);
  try {
    requireRate(context, identity, info);
    const { key, definition } = await authorizedAddress({ context, identity }, channel, 'history');
    if (!isLog(definition)) throw new LongwaveError('wrong-mode', 'Only a log has a history.');
    return { identity, page: await store.read(key, query) };
  } finally {
    // Whoever counts by the hooks counts right.
    void guard(
      () => hooks.disconnect?.({ user: identity.user, claims: identity.claims, info }),
      (error) => logger.error('The disconnect hook failed.', error),
    );
  }
}

/** HTTP-8. It does not wait for its turn: what it may owe is as bounded. */
function requireRate({ rates }: Context, { user }: Identity, info: ConnectionInfo): void {
  const waitMs = rates.request({ clientKey: undefined, user, cost: 1, info });
  if (waitMs > maxTurnMs) throw fault('rate-limited', Math.ceil(waitMs));
}
