import type { Kinds } from '../contract/room.js';
import type { PlayedRoom, RoomPicture } from './play.js';

/** One frame of {@link renderLoop}: the room as it is to be drawn, and when. */
export interface RoomFrame<E extends Kinds, Own extends keyof E = keyof E> extends RoomPicture<E, Own> {
  /** Seconds since the frame before, 0.1 at most; 0 in the first frame, and in the first after a pause. */
  readonly dt: number;
  /** Milliseconds, by the clock of `requestAnimationFrame`. */
  readonly now: number;
}

interface Page {
  readonly hidden: boolean;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
  removeEventListener(type: 'visibilitychange', listener: () => void): void;
}

/** After a longer stall an animation goes on slowly instead of leaping. */
const longestFrame = 0.1;

/**
 * Draws a room with each frame of the screen: calls `draw` with the picture of the room and the time since the frame before. It stands
 * still while the page is hidden, and goes on when the page is seen again. Returns a function that ends it, harmless when repeated. An
 * exception of `draw` is reported as one of any callback, and the next frame is drawn. Throws `ReferenceError` where there is no
 * `requestAnimationFrame`.
 * @example
 * ```ts
 * import { play, real, renderLoop, room } from 'longwave/rooms';
 *
 * const arena = room({ entities: { player: { x: real(0, 100, 0.1) } }, inputs: { move: { dx: real(-1, 1, 0.1) } } });
 * const client = connect(url);
 * const played = play(client.channel('arena/1'), arena, { player: {} });
 * const stop = renderLoop(played, ({ entities, own, dt }) => console.log(entities.player.size, own?.x, dt));
 * ```
 */
export function renderLoop<E extends Kinds, I extends Kinds, Own extends keyof E & string>(
  room: Pick<PlayedRoom<E, I, Own>, 'draw'>,
  draw: (frame: RoomFrame<E, Own>) => void,
): () => void {
  // A worker has none: its frames stop by themselves.
  const { document: page } = globalThis as { readonly document?: Page };
  let last = Infinity;
  let asked = 0;

  const frame = (now: number): void => {
    // First, so that one that cannot be drawn is not the last.
    asked = requestAnimationFrame(frame);
    const dt = Math.max(0, Math.min(longestFrame, (now - last) / 1000));
    last = now;
    draw({ ...room.draw(), dt, now });
  };
  const pause = (): void => {
    cancelAnimationFrame(asked);
    last = Infinity;
  };
  const follow = (): void => {
    pause();
    if (!page?.hidden) asked = requestAnimationFrame(frame);
  };

  follow();
  page?.addEventListener('visibilitychange', follow);
  return () => {
    pause();
    page?.removeEventListener('visibilitychange', follow);
  };
}

declare const requestAnimationFrame: (draw: (now: number) => void) => number;
declare const cancelAnimationFrame: (asked: number) => void;
