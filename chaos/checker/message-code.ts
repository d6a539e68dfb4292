/**
 * The content of a message. `p` names the stream: one publisher in one channel; `n` counts its messages from 1. `t`:
 * when it was published, by the clock that all processes share; only some carry it.
 */
export interface Payload {
  readonly p: number;
  readonly n: number;
  readonly t?: number;
}

const counterRange = 2 ** 32;

/** Both as one number: exact, and not 0. */
export function codeOf({ p, n }: Payload): number {
  return p * counterRange + n;
}

export function streamOf(code: number): number {
  return Math.floor(code / counterRange);
}

export function counterOf(code: number): number {
  return code % counterRange;
}

export function describe(code: number): string {
  return `${streamOf(code)}/${counterOf(code)}`;
}

export function isPayload(value: unknown): value is Payload {
  const { p, n } = (value ?? {}) as Partial<Payload>;
  return Number.isSafeInteger(p) && Number.isSafeInteger(n) && n! > 0;
}
