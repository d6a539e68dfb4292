import { type BadFrame, type ClientFrame, type Encoded, splitFirst } from '@longwave/protocol';
import { historyCost } from './waiting-frames.js';

type Frames = readonly (ClientFrame | BadFrame)[];

/** The frames of a request. */
export interface RequestFrames {
  readonly first: Frames;
  rest(): Frames;
  /** Cost of all of them for the client's rate. */
  cost(): number;
}

/** A subscription or a membership that stands costs what it takes to look at it again. */
const standingCost = 1 / 8;

/** Returns the cost of a request's frames for the client's rate (HTTP-6, LIM-9). */
export function costOf(frames: Frames): number {
  let cost = 0;
  for (const frame of frames) {
    if (frame.type === 'history') cost += historyCost(frame);
    else cost += 'again' in frame && frame.again ? standingCost : 1;
  }
  return cost;
}

/**
 * The frames of a request. Frames after `connect` are decoded once it is accepted, so that refusing a request costs
 * less than serving it. `decode` is told how many frames came before.
 */
export function openRequest(message: Encoded, decode: (part: Encoded, before: number) => Frames): RequestFrames {
  const [head, tail] = splitFirst(message);
  const first = decode(head, 0);
  let decoded: Frames | undefined;
  const rest = (): Frames => (decoded ??= tail === undefined ? [] : decode(tail, first.length));
  return { first, rest, cost: () => costOf(first) + costOf(rest()) };
}
