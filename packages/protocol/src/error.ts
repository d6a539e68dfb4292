import { type Advice, type Code, codes } from './codes.js';

/**
 * The one error class of Longwave. `code` is stable and documented; `message` is for people; without one
 * it is the code, which `codeMessages` explains.
 * Local misuse throws it synchronously; a peer's misuse never throws.
 * @example
 * ```ts
 * throw new LongwaveError('forbidden', 'Only members may post.');
 * ```
 */
export class LongwaveError extends Error {
  override readonly name = 'LongwaveError';
  readonly code: Code;
  /** Milliseconds to wait before a retry, when the other side said so. */
  readonly retryAfterMs: number | undefined;

  constructor(code: Code, message?: string, options?: { cause?: unknown; retryAfterMs?: number | undefined }) {
    super(message ?? code, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options?.retryAfterMs;
  }

  get advice(): Advice {
    return codes[this.code].advice;
  }
}
