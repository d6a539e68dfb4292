import { type Code, LongwaveError, codeMessages, isCode, isWellFormed } from '@longwave/protocol';

/** An error for a peer to read, with what its code means as its message. */
export function fault(code: Code, retryAfterMs?: number): LongwaveError {
  return new LongwaveError(code, codeMessages[code], { retryAfterMs });
}

/**
 * The data cannot be written as JSON. Data of a peer can always be encoded: this is a fault of a schema, a hook or the
 * application.
 */
export class UnencodableError extends LongwaveError {
  constructor(cause: unknown) {
    const why = cause instanceof Error ? ` ${cause.message}` : '';
    super('invalid-data', `The data cannot be written as JSON.${why}`, { cause });
  }
}

/**
 * Returns the error that a peer is told in place of `error` (ERR-1): itself if it is a well-formed `LongwaveError`,
 * otherwise `internal`.
 */
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
