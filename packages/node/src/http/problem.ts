import { type Code, LongwaveError, codeMessages } from '@longwave/protocol';
import { problemType } from '../host/error-place.js';

/** The HTTP status of each code (RFC 9110 §15). 4xx: change the request; 503: repeat it later. */
const statusOf = {
  'bad-frame': 400,
  unauthenticated: 401,
  forbidden: 403,
  'unknown-channel': 404,
  'unknown-method': 404,
  'unsupported-version': 400,
  timeout: 408,
  superseded: 409,
  'too-old': 409,
  'out-of-order': 409,
  'epoch-changed': 409,
  'too-large': 413,
  'invalid-data': 422,
  'rate-limited': 429,
  'too-many': 400,
  disconnected: 403,
  internal: 500,
  unavailable: 503,
  'going-away': 503,
  'outbox-full': 503,
  closed: 503,
  'connection-lost': 503,
  trimmed: 410,
  conflict: 409,
  'wrong-mode': 400,
} as const satisfies Record<Code, number>;

/** The media type of every answer that is not a success (RFC 9457). */
export const problemMediaType = 'application/problem+json';

interface ErrorDetail {
  readonly code: Code;
  readonly message: string;
}

/** Its body: `error` is an extension member, which the wire and the results of batches have as well. */
interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly error: ErrorDetail;
}

/** A refusal as HTTP: a code of the wire, and the status where the code's own is not exact enough. */
export class HttpProblem extends LongwaveError {
  readonly status: number;

  constructor(code: Code, message?: string, status: number = statusOf[code], retryAfterMs?: number) {
    super(code, message, { retryAfterMs });
    this.status = status;
  }
}

/** Returns the part of `error` that may be told to the outside (ERR-1): undefined when it is none of ours. */
export function problemOf(error: unknown): HttpProblem | undefined {
  if (error instanceof HttpProblem) return error;
  if (error instanceof LongwaveError) return new HttpProblem(error.code, error.message, undefined, error.retryAfterMs);
  return undefined;
}

export function errorDetail({ code, message }: LongwaveError): ErrorDetail {
  return { code, message: !message || message === code ? codeMessages[code] : message };
}

export function problemBody(problem: HttpProblem): ProblemBody {
  const { code, status } = problem;
  const error = errorDetail(problem);
  return { type: problemType(code), title: codeMessages[code], status, detail: error.message, error };
}
