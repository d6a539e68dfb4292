import { cleanPlayerName, maxPlayerName } from '../../shared/rooms/player.js';
import type { Saved } from '../lib/saved.js';

const key = 'player';

/** The name of the last game, that of the chat, or one made up. */
export function proposeName(saved: Saved, chatName: string | undefined): string {
  const last = saved.read(key);
  const known = typeof last === 'string' ? cleanPlayerName(last) : undefined;
  const made = `Pilot ${Math.floor(10 + Math.random() * 90)}`;
  return known ?? cleanPlayerName((chatName ?? '').slice(0, maxPlayerName)) ?? made;
}

export function keepName(saved: Saved, name: string): void {
  saved.write(key, name);
}
