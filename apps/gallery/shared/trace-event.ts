import { z } from 'zod';

// #region teach:echo-contract
/** An event of one WebSocket connection of the echo page as the server saw it, in order. */
export const TraceEvent = z.discriminatedUnion('kind', [
  /** The head of the handshake as it stood on the wire, secrets blacked out. */
  z.object({ kind: z.literal('request'), head: z.string() }),
  z.object({ kind: z.literal('response'), head: z.string() }),
  /** One frame: its size on the wire and its first bytes in hex. `in` is from the browser to the server. */
  z.object({
    kind: z.literal('frame'),
    direction: z.enum(['in', 'out']),
    byteLength: z.number().int().nonnegative(),
    hex: z.string(),
    /** Milliseconds since the handshake, on the server's clock. */
    atMs: z.number().nonnegative(),
  }),
  /** Frames that came too fast to be reported. */
  z.object({ kind: z.literal('skipped'), frames: z.number().int().positive() }),
]);
// #endregion

export type TraceEvent = z.infer<typeof TraceEvent>;
