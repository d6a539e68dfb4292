import { type Code, LongwaveError, codeMessages } from '@longwave/protocol';

/** An error for a peer to read, with what its code means as its message. */
export function fault(code: Code, retryAfterMs?: number): LongwaveError {
  return new LongwaveError(code, codeMessages[code], { retryAfterMs });
}
