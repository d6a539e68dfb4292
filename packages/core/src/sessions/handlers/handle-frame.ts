import type { BadFrame, ClientFrame } from '@longwave/protocol';
import { LongwaveError } from '@longwave/protocol';
import type { MaybePromise } from '../../base/maybe-promise.js';
import type { Session } from '../session.js';
import { handleAnswer } from './answer.js';
import { handleCall } from './call.js';
import { handleConnect } from './connect.js';
import { handleEnter, handleExit } from './enter.js';
import { handleHistory } from './history.js';
import { handleInput } from './input.js';
import { handlePublish } from './publish.js';
import { handleRedact } from './redact.js';
import { handleRefresh } from './refresh.js';
import { handleSubscribe } from './subscribe.js';
import { handleTrack } from './track.js';
import { handleUnsubscribe } from './unsubscribe.js';

const notConnect = 'The first frame must be connect.';

export function handleFrame(session: Session, frame: ClientFrame | BadFrame): MaybePromise<void> {
  if (session.state === 'opening') {
    // SES-1.
    if (frame.type === 'connect') return handleConnect(session, frame);
    return frame.type === 'bad' ? session.end(frame.code, frame.message) : session.end('bad-frame', notConnect);
  }
  switch (frame.type) {
    case 'subscribe':
      return handleSubscribe(session, frame);
    case 'unsubscribe':
      return handleUnsubscribe(session, frame);
    case 'track':
      return handleTrack(session, frame);
    case 'enter':
      return handleEnter(session, frame);
    case 'exit':
      return handleExit(session, frame);
    case 'input':
      return handleInput(session, frame);
    case 'publish':
      return frame.kind === 'redact' ? handleRedact(session, frame) : handlePublish(session, frame);
    case 'call':
      return handleCall(session, frame);
    case 'answer':
    case 'refuse':
      return handleAnswer(session, frame);
    case 'history':
      return handleHistory(session, frame);
    case 'refresh':
      return handleRefresh(session, frame);
    case 'ping':
      return session.send({ type: 'pong' });
    case 'pong':
      return undefined;
    case 'connect':
      session.fail(undefined, new LongwaveError('bad-frame', 'The connection is already open.'));
      return session.intake.countBadFrame();
    case 'bad':
      session.fail(frame.id, new LongwaveError(frame.code, frame.message));
      // WIRE-6: whoever asked for something learns what was wrong with it; the rate bounds how often.
      return frame.id === undefined ? session.intake.countBadFrame() : undefined;
  }
}
