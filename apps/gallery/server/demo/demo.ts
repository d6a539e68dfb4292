import { LongwaveError, call } from 'longwave';
import { AboutRequest, type DemoCalls, KillRequest } from '../../shared/demo.js';
import type { GuestClaims } from '../compare/labs.js';
import { type KillRule, mayKill } from './kill-rule.js';

/** The process that replaces this one. */
export interface Supervision {
  /** Tells it that there is somebody who may kill this one. */
  prepare(): void;
  /** Asks it for the end of this process. Resolves with milliseconds to wait when that is refused, otherwise with 0. */
  askForDeath(): Promise<number>;
}

interface DemoOptions {
  readonly rule: KillRule;
  /** Undefined: nobody would replace this process, so nobody may kill it. */
  readonly supervision: Supervision | undefined;
  /** Where the server listens. */
  readonly address: () => string;
}

export function createDemo({ rule, supervision, address }: DemoOptions): { readonly calls: DemoCalls } {
  const isAllowed = (claims: unknown): boolean =>
    supervision !== undefined &&
    mayKill(rule, { address: address(), origin: (claims as GuestClaims | undefined)?.origin });
  return {
    calls: {
      'demo/about': call(AboutRequest, (_, { claims }) => {
        const canKill = isAllowed(claims);
        if (canKill) supervision?.prepare();
        return { canKill };
      }),
      'demo/kill': call(KillRequest, async (_, { claims }) => {
        if (!supervision || !isAllowed(claims)) {
          throw new LongwaveError(
            'forbidden',
            'Only who started this server may kill it: on your machine, with npm start.',
          );
        }
        const waitMs = await supervision.askForDeath();
        if (waitMs > 0) {
          throw new LongwaveError('rate-limited', `It was killed just now. Again in ${Math.ceil(waitMs / 1000)} s.`, {
            retryAfterMs: waitMs,
          });
        }
        return null;
      }),
    },
  };
}
