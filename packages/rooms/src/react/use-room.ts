import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { PlayOptions, RoomChannelLike } from '../client/play.js';
import type { Entities, Kinds, RoomDefinition } from '../contract/room.js';
import type { RoomEvent } from '../wire/down.js';
import { type SharedRoom, type Shown, type UseRoomResult, type Way, joining, sharedRoomOf } from './shared-room.js';

export type { UseRoomResult } from './shared-room.js';

/** Options of {@link useRoom}: those of `play`. Other ones, but for `onEvent`, join anew. */
export type UseRoomOptions<
  E extends Kinds,
  I extends Kinds,
  S extends Entities<E>,
  Own extends keyof E & string = keyof E & string,
> = Omit<PlayOptions<E, I, S, Own>, 'onEnd' | 'clock'>;

interface Store {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => Shown;
}

const noStore: Store = { subscribe: () => () => undefined, getSnapshot: () => joining };

/**
 * Joins a room while the component is mounted, as a player or to watch, and renders when it is there and when it has ended: not with each
 * snapshot, which is the business of `renderLoop`. Components that show the room in the same way over the same client share it. Without a
 * channel nothing is joined. `onEvent` is the one of the last render.
 * @example
 * ```tsx
 * import { real, renderLoop, room } from 'longwave/rooms';
 * import { useRoom } from 'longwave/rooms/react';
 * import { useEffect } from 'react';
 *
 * const arena = room({ entities: { player: { x: real(0, 100, 0.1) } }, inputs: { move: { dx: real(-1, 1, 0.1) } } });
 * function Arena({ channel }: { channel: { readonly name: string } }) {
 *   const { room, error } = useRoom(channel, arena, { player: { name: 'Ann' } });
 *   useEffect(() => room && renderLoop(room, ({ entities }) => console.log(entities.player.size)), [room]);
 *   return <p>{error?.message ?? (room ? 'You play' : 'One moment')}</p>;
 * }
 * ```
 */
export function useRoom<
  E extends Kinds,
  I extends Kinds,
  S extends Entities<E>,
  Own extends keyof E & string = keyof E & string,
>(
  channel: RoomChannelLike | undefined,
  definition: RoomDefinition<E, I>,
  options: UseRoomOptions<E, I, S, Own> = {},
): UseRoomResult<E, I, Own> {
  const { player, own, predict, onEvent } = options;
  const said = useSaid(player);
  const heard = useRef(onEvent);
  useEffect(() => {
    heard.current = onEvent;
  });
  const store = useMemo(() => {
    if (!channel) return noStore;
    const way = {
      definition,
      options: { ...(said !== undefined && { player: said }), ...(own && { own }), ...(predict && { predict }) },
    };
    // The kinds of this room are its own: what is shared among rooms knows none of them.
    return roomStore(channel, way as unknown as Way, (event) => heard.current?.(event));
  }, [channel, definition, said, own, predict]);
  return useSyncExternalStore(store.subscribe, store.getSnapshot, () => joining) as UseRoomResult<E, I, Own>;
}

/** The player's data. Where each render makes an equal object anew, the first one is used. */
function useSaid(player: unknown): unknown {
  const text = JSON.stringify(player);
  const [kept, keep] = useState({ player, text });
  if (kept.text === text) return kept.player;
  keep({ player, text });
  return player;
}

function roomStore(channel: RoomChannelLike, way: Way, onEvent: (event: RoomEvent) => void): Store {
  let room: SharedRoom | undefined;
  return {
    subscribe: (onChange) => {
      const shared = sharedRoomOf(channel, way);
      const isOther = room !== undefined && room !== shared;
      room = shared;
      const stop = shared.subscribe(channel, { onChange, onEvent });
      // A component that was hidden is shown again.
      if (isOther) onChange();
      return stop;
    },
    getSnapshot: () => room?.shown ?? joining,
  };
}
