import { z } from 'zod';

export const maxPlayerName = 14;

const pattern = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._'-]*[\p{L}\p{M}\p{N}.])?$/u;

/** A player's own word on who it is. Names are unproven, as everywhere in the gallery. */
export const RoomPlayer = z.strictObject({ name: z.string().min(1).max(maxPlayerName).regex(pattern) });
export type RoomPlayer = z.infer<typeof RoomPlayer>;

/** A short name as rooms take it, or undefined when it is none. */
export function cleanPlayerName(text: string): string | undefined {
  const name = text.normalize('NFC').trim().replace(/\s+/gu, ' ');
  return RoomPlayer.safeParse({ name }).success ? name : undefined;
}
