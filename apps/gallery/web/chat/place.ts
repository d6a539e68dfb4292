import type { Position } from 'longwave/client';
import type { Saved } from '../lib/saved.js';

/** The message at the top of the view, for one who reads further up; saved so that a reload finds it again. */
export function readPlace(tab: Saved, room: string): Position | undefined {
  const value = tab.read(`place:${room}`);
  if (typeof value !== 'object' || value === null || !('epoch' in value) || !('offset' in value)) return undefined;
  const { epoch, offset } = value;
  if (typeof epoch !== 'string' || typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 1)
    return undefined;
  return { epoch, offset };
}

/** `undefined`: at the bottom, where everybody starts. */
export function savePlace(tab: Saved, room: string, place: Position | undefined): void {
  if (place === undefined) tab.remove(`place:${room}`);
  else tab.write(`place:${room}`, place);
}
