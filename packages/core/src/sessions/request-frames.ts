import { type BadFrame, type ClientFrame, type Encoded, splitFirst } from '@longwave/protocol';
import type { LinkKind } from '../base/ports.js';
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

/** Frames that a view counts as: what it shows has to be looked for among all entries (LIM-13). */
export const viewCost = 5;

/** A message counts as one frame more for each of these units that it has in full (LIM-11). */
const unitsOfAFrame = 4096;

/** Returns the frames that a message of so many units counts as, besides those in it (LIM-11). */
export function sizeCost(units: number): number {
  return Math.floor(units / unitsOfAFrame);
}

/** Returns the cost of a request's frames for the client's rate (HTTP-6, LIM-9, LIM-13). */
export function costOf(frames: Frames): number {
  let cost = 0;
  for (const frame of frames) {
    if (frame.type === 'history') cost += historyCost(frame);
    else if ('again' in frame && frame.again) cost += standingCost;
    else cost += frame.type === 'subscribe' && frame.view !== undefined ? viewCost : 1;
  }
  return cost;
}

/**
 * The frames of a request. Frames after `connect` are decoded once it is accepted, so that refusing a request costs
 * less than serving it. `decode` is told how many frames came before. A downstream request is not counted by its size:
 * it says again where its subscriptions stand.
 */
export function openRequest(
  kind: LinkKind,
  message: Encoded,
  decode: (part: Encoded, before: number) => Frames,
): RequestFrames {
  const [head, tail] = splitFirst(message);
  const first = decode(head, 0);
  let decoded: Frames | undefined;
  const rest = (): Frames => (decoded ??= tail === undefined ? [] : decode(tail, first.length));
  const size = kind === 'upstream' ? sizeCost(message.length) : 0;
  return { first, rest, cost: () => costOf(first) + costOf(rest()) + size };
}
