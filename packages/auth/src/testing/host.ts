import type { ConnectionInfo } from '@longwave/core';
import type { Host } from '../base/authenticate.js';
import { nowMs } from './tokens.js';

export const noInfo: ConnectionInfo = { transport: 'test', headers: {} };

/** A clock that tests move, and an issuer whose answer they choose. */
export class TestHost implements Host {
  time = nowMs;
  fetches: number[] = [];
  /** The answer to the next fetches. It may throw. */
  answer: () => unknown = () => ({ keys: [] });

  readonly now = (): number => this.time;

  readonly fetchDocument = async (): Promise<unknown> => {
    this.fetches.push(this.time);
    await Promise.resolve();
    return this.answer();
  };
}

/** The reason or the code of a refusal; `passes` where there is none. */
export async function outcome(work: () => unknown): Promise<unknown> {
  try {
    await work();
    return 'passes';
  } catch (error) {
    const { code, reason } = error as { readonly code?: string; readonly reason?: string };
    if (code === undefined) throw error;
    return reason ?? code;
  }
}
