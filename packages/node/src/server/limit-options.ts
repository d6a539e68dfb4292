import { type Limits, limitRules } from '@longwave/core';
import { type Duration, type RulesOf, option, readDuration } from '@longwave/protocol';

/** Limits of one node; each has a default of its own (LIM-1 to LIM-4). */
export interface LimitOptions extends Partial<Omit<Limits, 'connectTimeoutMs' | 'messageTimeoutMs'>> {
  /**
   * Time until the first frame must have come (SES-1), and for each step before: the TLS handshake, the head of a
   * request, its body where frames are in it (LIM-6). Default `'10s'`.
   */
  readonly connectTimeout?: Duration;
  /** Time within which a WebSocket message that has begun must be complete (LIM-6). Default `'20s'`. */
  readonly messageTimeout?: Duration;
}

const { connectTimeoutMs: _, messageTimeoutMs: __, ...rules } = limitRules;

export const limitOptionRules: RulesOf<LimitOptions> = {
  ...rules,
  connectTimeout: option.duration(),
  messageTimeout: option.duration(),
};

/** The limits as the engine takes them: times in milliseconds. */
export function readLimits({ connectTimeout, messageTimeout, ...limits }: LimitOptions): Partial<Limits> {
  return {
    ...limits,
    ...(connectTimeout !== undefined && { connectTimeoutMs: readDuration(connectTimeout) }),
    ...(messageTimeout !== undefined && { messageTimeoutMs: readDuration(messageTimeout) }),
  };
}
