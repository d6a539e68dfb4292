import { type Code, LongwaveError, codeMessages, isCode, isWellFormed } from '@longwave/protocol';

/** An error for a peer to read, with what its code means as its message. */
export function fault(code: Code, retryAfterMs?: number): LongwaveError {
  return new LongwaveError(code, codeMessages[code], { retryAfterMs });
}

/** What a peer is told of `error` (ERR-1): itself where that is a well-formed error of ours, otherwise `internal`. */
export function publicFault(error: unknown): LongwaveError {
  if (!(error instanceof LongwaveError) || !isCode(error.code)) return fault('internal');
  const { code, message, retryAfterMs: waitMs } = error;
  // Applications throw it too: what the wire cannot carry is left out.
  const isWait = waitMs === undefined || (Number.isSafeInteger(waitMs) && waitMs >= 0);
  // An error without a message of its own says its code, which tells a person nothing.
  const isMessage = typeof message === 'string' && message !== '' && message !== code && isWellFormed(message);
  if (isWait && isMessage) return error;
  return new LongwaveError(code, isMessage ? message : codeMessages[code], {
    cause: error,
    retryAfterMs: isWait ? waitMs : undefined,
  });
}
