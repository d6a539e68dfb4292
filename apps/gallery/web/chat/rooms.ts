import { isRoomName, publicRooms } from '../../shared/chat.js';
import type { Saved } from '../lib/saved.js';

const maxKept = 12;

/** The public rooms, and those this reader has been in, the newest first. */
export function listRooms(saved: Saved, current: string): readonly string[] {
  const kept = readKept(saved);
  const own = [current, ...kept].filter((room) => isRoomName(room) && !publicRooms.includes(room));
  return [...publicRooms, ...new Set(own)].slice(0, publicRooms.length + maxKept);
}

export function keepRoom(saved: Saved, room: string): void {
  if (publicRooms.includes(room) || !isRoomName(room)) return;
  const kept = readKept(saved);
  if (kept.includes(room)) return;
  saved.write('rooms', [room, ...kept].slice(0, maxKept));
}

function readKept(saved: Saved): readonly string[] {
  const value = saved.read('rooms');
  return Array.isArray(value) ? value.filter((room) => typeof room === 'string' && isRoomName(room)) : [];
}
