import { z } from 'zod';
import { isRoomName } from '../chat.js';

const games = ['arena', 'four'] as const;
export type GameName = (typeof games)[number];

// #region teach:lobby-contract
/** A room of the lobby. Its key is the name of its channel, such as `four/attic`. */
export const OpenRoom = z.strictObject({
  game: z.enum(games),
  players: z.int().min(0),
  /** So many may play. */
  of: z.int().min(1),
  state: z.enum(['waiting', 'open', 'full']),
  /** The words of its rules on how the game stands. */
  about: z.string().max(60).optional(),
});
// #endregion
export type OpenRoom = z.infer<typeof OpenRoom>;

/** The game and the id of a room, by the name of its channel; undefined for any other channel. */
export function parseRoom(channel: string): { readonly game: GameName; readonly id: string } | undefined {
  const [area, id, ...rest] = channel.split('/');
  const game = games.find((each) => each === area);
  return game && id !== undefined && rest.length === 0 && isRoomName(id) ? { game, id } : undefined;
}
