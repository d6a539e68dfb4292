import type { PlayedRoom } from 'longwave/rooms';
import { useEffect, useState } from 'react';
import type { FourInputs, FourKinds } from '../../shared/four/four.js';
import { type FourView, viewOf } from './four-view.js';

export type FourRoom = PlayedRoom<FourKinds, FourInputs, 'seat'>;

/** As often as the room tells of itself. */
const lookMs = 100;

export interface Shown {
  readonly view: FourView;
  /** The own player's id; undefined: one watches. */
  readonly player: number | undefined;
}

/** The game, renewed when something in it changes. */
export function useFour(room: FourRoom | undefined): Shown | undefined {
  const [shown, setShown] = useState<Shown>();
  useEffect(() => {
    if (!room) return undefined;
    // Nothing glides here: what has come is shown at once.
    Object.assign(room.shows, { interpolation: false });
    let before = '';
    // #region teach:four-client
    const look = (): void => {
      const view = viewOf(room.draw().entities);
      const next = view && { view, player: room.player };
      const text = JSON.stringify(next) ?? '';
      if (text !== before) setShown(next);
      before = text;
    };
    // #endregion
    look();
    const timer = setInterval(look, lookMs);
    return () => clearInterval(timer);
  }, [room]);
  return shown;
}
