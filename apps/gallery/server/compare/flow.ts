import type { Socket } from 'node:net';
import { type Conditions, Pace } from './pace.js';

/** Bytes of a piece, as of a TCP segment on Ethernet: on a slow line a long answer comes bit by bit. */
const segmentBytes = 1448;
/** On the way in one connection at most; beyond it the sender waits, as it does when a window is full. */
const maxOnTheWay = 256 * 1024;

/** One direction of a lane's line, which all its connections share. */
export class Direction {
  readonly pace = new Pace();
  bytes = 0;
}

interface FlowOptions {
  readonly from: Socket;
  readonly to: Socket;
  readonly direction: Direction;
  /** Asked for each piece: they may change while the connection is open. */
  readonly conditions: () => Conditions;
  /** Nothing enters the line earlier, on the clock of `performance`. */
  readonly readyAt: number;
}

interface Piece {
  readonly at: number;
  /** Undefined: the sender's end. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * Carries what comes from `from` to `to` in its order, each byte when `direction` lets it out. When conditions change, what is
 * on the way keeps its time, and nothing overtakes it.
 */
export function flow({ from, to, direction, conditions, readyAt }: FlowOptions): void {
  const queue: Piece[] = [];
  let onTheWay = 0;
  let isFull = false;
  let timer: NodeJS.Timeout | undefined;

  const deliver = ({ bytes }: Piece): void => {
    if (bytes === undefined) {
      to.end();
      return;
    }
    onTheWay -= bytes.length;
    direction.bytes += bytes.length;
    isFull = !to.write(bytes);
  };
  const run = (): void => {
    timer = undefined;
    const now = performance.now();
    while (queue.length > 0 && queue[0]!.at <= now && !isFull && !to.destroyed) deliver(queue.shift()!);
    if (onTheWay < maxOnTheWay && from.isPaused()) from.resume();
    const next = queue[0];
    if (next && !isFull && !to.destroyed) timer = setTimeout(run, Math.max(0, next.at - now));
  };
  const add = (bytes: Uint8Array | undefined): void => {
    const size = bytes?.length ?? 0;
    const at = direction.pace.arrival(Math.max(performance.now(), readyAt), size, conditions());
    queue.push({ at, bytes });
    onTheWay += size;
  };

  from.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; at += segmentBytes) add(chunk.subarray(at, at + segmentBytes));
    if (onTheWay >= maxOnTheWay) from.pause();
    if (!timer) run();
  });
  from.on('end', () => {
    add(undefined);
    if (!timer) run();
  });
  to.on('drain', () => {
    isFull = false;
    if (!timer) run();
  });
  to.on('close', () => clearTimeout(timer));
}
