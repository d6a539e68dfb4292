import { maxTextLength } from '../../shared/chat.js';
import type { Saved } from '../lib/saved.js';
import type { Outgoing } from './room-state.js';

/**
 * Messages on their way outlive a reload of the tab. Sending them again is safe: the server stores a
 * message id of a user once (PUB-3).
 */
export interface Unsent {
  readonly id: string;
  readonly text: string;
  readonly time: number;
}

export function readUnsent(tab: Saved, key: string): readonly Unsent[] {
  const value = tab.read(key);
  return Array.isArray(value) ? value.filter(isUnsent) : [];
}

export function saveUnsent(tab: Saved, key: string, outgoing: readonly Outgoing[]): void {
  const unsent = outgoing
    .filter(({ fate }) => fate.status !== 'stored')
    .map(({ id, text, time }) => ({ id, text, time }));
  if (unsent.length === 0) tab.remove(key);
  else tab.write(key, unsent);
}

function isUnsent(value: unknown): value is Unsent {
  if (typeof value !== 'object' || value === null) return false;
  const { id, text, time } = value as Partial<Record<keyof Unsent, unknown>>;
  return (
    typeof id === 'string' &&
    typeof text === 'string' &&
    text.length > 0 &&
    text.length <= maxTextLength &&
    typeof time === 'number'
  );
}
