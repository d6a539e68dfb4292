import { LongwaveError } from '@longwave/protocol';

/** An error as a result shows it: a fault that has no code, such as one of the application, is `internal` with its `cause`. */
export function toError(cause: unknown): LongwaveError {
  return cause instanceof LongwaveError ? cause : new LongwaveError('internal', String(cause), { cause });
}
