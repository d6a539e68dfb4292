import type { Timers } from '../base/timers.js';
import type { Directory } from '../sessions/directory.js';
import type { Session } from '../sessions/session.js';

/** For a client to open another connection and move over. */
const maxMoveMs = 5000;
const moveLookMs = 50;
const batchMs = 50;

export interface DrainHost {
  readonly directory: Directory<Session>;
  readonly timers: Timers;
  readonly random: () => number;
}

/** Sends everybody elsewhere, spread over `overMs`, and resolves when all are gone or have been told to go (SES-7). */
export async function drainSessions({ directory, timers, random }: DrainHost, overMs: number): Promise<void> {
  const moment = (): number => Math.round(random() * overMs);
  const sessions = [...directory.sessions];
  const batches = Math.max(1, Math.ceil(overMs / batchMs));
  const size = Math.ceil(sessions.length / batches);
  for (let i = 0; i < sessions.length; i += size) {
    if (i > 0) await timers.wait(batchMs);
    for (const session of sessions.slice(i, i + size)) {
      if (overMs > 0) askToGo(session, moment);
      else sendAway(session, 0);
    }
  }
  const looks = Math.ceil(Math.min(overMs, maxMoveMs) / moveLookMs);
  for (let i = 0; i < looks && directory.sessions.size > 0; i++) await timers.wait(moveLookMs);
  // They were asked to go, and are still there.
  for (const session of directory.sessions) session.end('going-away', undefined, moment());
}

function askToGo(session: Session, moment: () => number): void {
  if (session.plain) sendAway(session, moment());
  else if (session.kind === 'duplex') session.send({ type: 'goaway', retryAfterMs: 0 });
  // The client asks on with another request, which goes elsewhere; an upstream one ends with its answers.
  else if (session.kind === 'downstream') session.completeSoon();
}

function sendAway(session: Session, retryAfterMs: number): void {
  session.send({ type: 'goaway', retryAfterMs });
  session.end('going-away', undefined, retryAfterMs);
}
