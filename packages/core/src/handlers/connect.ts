import type { Connect } from '@longwave/protocol';
import { LongwaveError, protocolVersion } from '@longwave/protocol';
import type { Identity } from '../authority.js';
import type { Session } from '../session.js';
import { admit } from '../admit.js';
import { type MaybePromise, guard, chain } from '../maybe-promise.js';

/** SES-1 to SES-4. Frames behind it wait until it is through, and are dropped if it is refused. */
export function handleConnect(session: Session, frame: Connect): MaybePromise<void> {
  if (frame.version !== protocolVersion) return session.end('unsupported-version');
  if (frame.client.length === 0) return session.end('bad-frame', 'The client id is empty.');
  return guard(
    () => chain(admit(session.context, frame.token, session.info), (identity) => open(session, frame, identity)),
    (error) => {
      if (error instanceof LongwaveError) return session.end(error.code, error.message, error.retryAfterMs);
      session.context.logger.error('Authentication failed.', error);
      session.end('internal');
    },
  );
}

function open(session: Session, { client }: Connect, identity: Identity): void {
  if (session.state === 'closed') return;
  const { node, limits, directory } = session.context;
  const { user } = identity;
  session.open(identity, JSON.stringify([user ?? null, client]));
  // Requests go beside the connection that delivers.
  if (session.kind !== 'upstream') directory.enter(session)?.end('superseded');
  session.send({
    type: 'connected',
    node,
    user,
    heartbeatMs: session.heartbeatMs,
    messageBytes: limits.messageBytes,
    expiresInMs: session.expiresInMs,
  });
}
