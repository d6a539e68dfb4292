import { type Code, LongwaveError, codeMessages, isCode, isWellFormed } from '@longwave/protocol';

/** An error for a peer to read, with what its code means as its message. */
export function fault(code: Code, retryAfterMs?: number): LongwaveError {
  return new LongwaveError(code, codeMessages[code], { retryAfterMs });
}

/** The data cannot be written as JSON. What a peer sent always can: it is what a schema, a hook or the application itself made. */
export class UnencodableError extends LongwaveError {
  constructor(cause: unknown) {
    const why = cause instanceof Error ? ` ${cause.message}` : '';
    super('invalid-data', `The data cannot be written as JSON.${why}`, { cause });
  }
}

/** What a peer is told of `error` (ERR-1): itself where that is a well-formed error of ours, otherwise `internal`. */
export function publicFault(error: unknown): LongwaveError {
  if (!(error instanceof LongwaveError) || !isCode(error.code)) return fault('internal');
  // The peer can do nothing about what a schema or a hook made of its data.
  if (error instanceof UnencodableError) return fault('internal');
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
