import type { Refresh } from '@longwave/protocol';
import { LongwaveError } from '@longwave/protocol';
import { checkNotExpired, timeLeft } from '../rights/expiry.js';
import type { Session } from '../session.js';
import { type MaybePromise, chain } from '../../base/maybe-promise.js';
import { recheck } from '../rights/recheck.js';

/** SES-6. */
export function handleRefresh(session: Session, { id, token }: Refresh): MaybePromise<void> {
  return chain(session.context.authority.authenticate(token, session.info), (identity) => {
    if (session.state === 'closed') return;
    checkNotExpired(identity, session.context.clock);
    if (identity.user !== session.identity.user)
      throw new LongwaveError('forbidden', 'A refresh cannot change the user.');
    session.renew(identity);
    return chain(recheck(session), () => session.send({ type: 'done', id, expiresInMs: timeLeft(session) }));
  });
}
