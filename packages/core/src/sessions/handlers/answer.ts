import { type Answer, LongwaveError, type Refuse, isCode } from '@longwave/protocol';
import type { Session } from '../session.js';

/** CALL-3. Not waited for, where it is handed on to the node that asked: an answer has no answer. */
export function handleAnswer(session: Session, frame: Answer | Refuse): void {
  const { asking, logger } = session.context;
  const result =
    frame.type === 'answer'
      ? { value: frame.data }
      : { error: new LongwaveError(isCode(frame.code) ? frame.code : 'internal', frame.message) };
  asking.settleAnywhere(session, frame.id, result).catch((error: unknown) => {
    if (error instanceof LongwaveError) session.fail(frame.id, error);
    else logger.error('The answer of a client could not be handed on.', error);
  });
}
