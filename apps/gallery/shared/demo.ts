import type { CallDefinition } from 'longwave';
import { z } from 'zod';

export const AboutRequest = z.object({});
export const KillRequest = z.object({});

interface AboutServer {
  /** Whether this visitor may kill the server. */
  readonly canKill: boolean;
}

/** Calls by which a visitor learns about this server, and does harm to it. */
export type DemoCalls = {
  readonly 'demo/about': CallDefinition<typeof AboutRequest, AboutServer>;
  /**
   * Kills the process of the server, a moment after it has answered. Rejects with `forbidden` where that is not allowed, and
   * with `rate-limited` when it was killed just now.
   */
  readonly 'demo/kill': CallDefinition<typeof KillRequest, null | Promise<null>>;
};
