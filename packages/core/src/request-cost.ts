import type { BadFrame, ClientFrame } from '@longwave/protocol';

/** A subscription or a membership that stands costs what it takes to look at it again. */
const standingCost = 1 / 8;

/** What the frames of a request count for the client's rate (HTTP-6). */
export function costOf(frames: readonly (ClientFrame | BadFrame)[]): number {
  let cost = 0;
  for (const frame of frames) cost += 'again' in frame && frame.again ? standingCost : 1;
  return cost;
}
