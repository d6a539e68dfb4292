import { type ErrorFrame, LongwaveError, isCode } from '@longwave/protocol';

/** The error behind a frame. A code of a later version counts as `internal`. */
export function toError({ code, message, retryAfterMs }: ErrorFrame): LongwaveError {
  return new LongwaveError(isCode(code) ? code : 'internal', message, { retryAfterMs });
}
