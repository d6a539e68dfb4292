import { LongwaveError } from '@longwave/protocol';

/** Why a client is refused, for the client to read: none of them tells of keys, or of what the server looked for. */
export const refusalMessages = {
  missing: 'There is no token.',
  malformed: 'The token is malformed.',
  algorithm: 'The algorithm of the token is not accepted for its key.',
  key: 'The key of the token is not known.',
  signature: 'The signature of the token does not match.',
  expired: 'The token has expired.',
  endless: 'The token has no end (exp).',
  early: 'The token is not valid yet.',
  issuer: 'The token is of another issuer.',
  audience: 'The token is for another audience.',
  type: 'The token is of another type.',
  user: 'The token names no user.',
  'no-cookie': 'There is no cookie of a session.',
  session: 'The session is not known, or is over.',
} as const satisfies Record<string, string>;

export type RefusalReason = keyof typeof refusalMessages;

/** Reasons that say: these credentials are for somebody else to judge. */
const elsewhere: ReadonlySet<RefusalReason> = new Set(['missing', 'issuer', 'no-cookie']);

/** `unauthenticated`, with the reason as its message. */
export class Refusal extends LongwaveError {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super('unauthenticated', refusalMessages[reason]);
    this.reason = reason;
  }

  /** Another of `anyOf` may know these credentials. */
  get passesOn(): boolean {
    return elsewhere.has(this.reason);
  }
}
