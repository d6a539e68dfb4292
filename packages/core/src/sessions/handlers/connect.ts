import type { Connect, Connected } from '@longwave/protocol';
import { LongwaveError, protocolVersion } from '@longwave/protocol';
import type { Identity } from '../../base/authority.js';
import type { Session } from '../session.js';
import { noCost } from '../intake.js';
import { faultOfParams } from './connect-params.js';
import { admit } from '../rights/admit.js';
import { maxRequestWaitMs } from '../../rates/rates.js';
import { timeLeft } from '../rights/expiry.js';
import { publicFault } from '../../base/fault.js';
import { type MaybePromise, isPromise } from '../../base/maybe-promise.js';

/** SES-1 to SES-4, LIM-3. Frames after it wait until it is handled, and are dropped if it is refused. */
export function handleConnect(session: Session, frame: Connect): MaybePromise<void> {
  if (frame.version !== protocolVersion) return session.end('unsupported-version');
  if (frame.client.length === 0) return session.end('bad-frame', 'The client id is empty.');
  if (frame.params !== undefined) {
    const fault = faultOfParams(frame.params);
    if (fault !== undefined) return session.end('invalid-data', fault);
    session.info = session.info.withParams?.(frame.params) ?? { ...session.info, params: frame.params };
  }
  const { admissions } = session.context;
  const admission = admissions.begin();
  // Each connection comes by here: who is let in at once costs no closure.
  try {
    const identity = admit(session.context, frame.token, session, admission);
    const entered = isPromise(identity)
      ? identity.then((late) => enterAtRate(session, frame, late, admission))
      : enterAtRate(session, frame, identity, admission);
    if (!isPromise(entered)) return admissions.end();
    return entered.then(
      () => admissions.end(),
      (error: unknown) => refuse(session, error),
    );
  } catch (error) {
    refuse(session, error);
  }
}

function refuse(session: Session, error: unknown): void {
  const { admissions, complaints } = session.context;
  admissions.end();
  const { code, message, retryAfterMs } = publicFault(error);
  if (!(error instanceof LongwaveError)) {
    complaints.tell('A connect failed.', error, `A connect failed: ${String(error)}`);
  }
  session.end(code, message, retryAfterMs);
}

/** HTTP-6: a request beyond its rate waits until those before it are paid for, or is refused. */
function enterAtRate(session: Session, frame: Connect, identity: Identity, admission: number): MaybePromise<void> {
  const { user } = identity;
  if (frame.user !== undefined && frame.user !== user)
    return session.end('forbidden', 'This client is of another user: each user has a client of their own.');
  // By one call: a text put together from parts would keep them all in memory.
  const clientKey = JSON.stringify([user ?? null, frame.client]);
  if (session.kind === 'duplex') return enter(session, frame, identity, admission, clientKey);
  const { intake, info, context } = session;
  const { cost } = intake;
  const waitMs = context.rates.request({ clientKey: session.plain ? undefined : clientKey, user, cost, info });
  // It holds the whole request.
  intake.cost = noCost;
  if (waitMs > maxRequestWaitMs) return session.end('rate-limited', undefined, Math.ceil(waitMs));
  if (waitMs === 0) return enter(session, frame, identity, admission, clientKey);
  return session.intake.waitUntilPaid(waitMs).then(() => enter(session, frame, identity, admission, clientKey));
}

function enter(session: Session, frame: Connect, identity: Identity, admission: number, clientKey: string): void {
  if (session.state === 'closed') return;
  const { node, limits, directory, admissions } = session.context;
  // In the turn in which the session is entered: until then this alone knows of a disconnect (SES-12).
  if (!admissions.holds(admission, identity)) return session.end('disconnected');
  const { turn = 0, bytesPerSecond } = frame;
  // Requests go beside the connection that delivers.
  if (session.kind !== 'upstream') {
    if ((directory.find(clientKey)?.rank ?? 0) > turn) return session.end('superseded');
  }
  session.rank = turn;
  session.open(identity, clientKey, bytesPerSecond);
  if (session.kind === 'upstream') directory.enterBeside(session);
  else directory.enter(session)?.end('superseded');
  session.context.asking.entered(session);
  const connected: Connected = {
    type: 'connected',
    node,
    user: identity.user,
    heartbeatMs: session.heartbeatMs,
    messageBytes: limits.messageBytes,
    expiresInMs: timeLeft(session),
  };
  // That it is let in a client hears at once, whatever it was sent before (VIEW-8).
  if (session.writable) session.send(connected);
  else session.outlet.tell(connected, true);
}
