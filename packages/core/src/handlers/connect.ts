import type { Connect } from '@longwave/protocol';
import { LongwaveError, protocolVersion } from '@longwave/protocol';
import type { Identity } from '../authority.js';
import type { Session } from '../session.js';
import { type MaybePromise, guard, chain } from '../maybe-promise.js';

/** SES-1 to SES-4, LIM-3. Frames behind it wait until it is through, and are dropped if it is refused. */
export function handleConnect(session: Session, frame: Connect): MaybePromise<void> {
  const { authority, hooks, logger, rates } = session.context;
  // Before anything that costs more, such as authentication.
  const waitMs = rates.admit(session.info.remoteAddress);
  if (waitMs > 0) return session.end('rate-limited', 'Too many connections from this address.', Math.ceil(waitMs));
  if (frame.version !== protocolVersion) return session.end('unsupported-version');
  if (frame.client.length === 0) return session.end('bad-frame', 'The client id is empty.');
  return guard(
    () =>
      chain(authority.authenticate(frame.token, session.info), (identity) => {
        const view = { user: identity.user, claims: identity.claims, info: session.info };
        return chain(hooks.connect?.(view), () => open(session, frame, identity));
      }),
    (error) => {
      if (error instanceof LongwaveError) return session.end(error.code, error.message, error.retryAfterMs);
      logger.error('Authentication failed.', error);
      session.end('internal');
    },
  );
}

function open(session: Session, { client }: Connect, identity: Identity): void {
  if (session.state === 'closed') return;
  const { node, heartbeatMs, limits, directory } = session.context;
  const { user } = identity;
  session.open(identity, JSON.stringify([user ?? null, client]));
  directory.enter(session)?.end('superseded');
  session.send({
    type: 'connected',
    node,
    user,
    heartbeatMs,
    messageBytes: limits.messageBytes,
    expiresInMs: session.expiresInMs,
  });
}
