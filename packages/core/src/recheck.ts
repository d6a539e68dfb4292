import { LongwaveError } from '@longwave/protocol';
import type { Session } from './session.js';
import { type MaybePromise, guard, chain } from './maybe-promise.js';
import { authorizedAddress } from './address.js';

/** Asks for the right to every subscription anew; those that lost it end with `revoked` (SES-6, SUB-6). */
export function recheck(session: Session): MaybePromise<void> {
  let pending: MaybePromise<void> = undefined;
  for (const { source } of session.subscriptions) {
    pending = chain(pending, () =>
      guard(
        () => chain(authorizedAddress(session, source.name, 'subscribe'), () => undefined),
        (error) => {
          // What cannot be decided is refused: a right must be proven.
          if (!(error instanceof LongwaveError)) session.context.logger.error('Authorization failed.', error);
          revoke(session, source.name);
        },
      ),
    );
  }
  return pending;
}

function revoke(session: Session, name: string): void {
  const source = session.unsubscribe(name);
  if (!source) return;
  session.context.stats.resets++;
  session.send({ type: 'reset', channel: name, reason: 'revoked', epoch: source.epoch, offset: source.top });
}
