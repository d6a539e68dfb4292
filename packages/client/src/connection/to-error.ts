import { LongwaveError, isCode } from '@longwave/protocol/client';
import type { Answer } from './answers.js';

/** Makes an error of an answer that is not the expected one. A code of a later version counts as `internal`. */
export function toError(answer: Answer): LongwaveError {
  if (answer.type !== 'error') return new LongwaveError('internal', answer.type);
  const { code, message, retryAfterMs } = answer;
  return new LongwaveError(isCode(code) ? code : 'internal', message, { retryAfterMs });
}
