import type { Awareness } from 'y-protocols/awareness';
import { cleanName } from '../../shared/chat.js';
import { hueOf } from '../chat/hue.js';

/** Somebody who has a document open, as they say themselves. */
export interface Visitor {
  readonly clientId: number;
  readonly name: string;
  /** One of six, the same for a name everywhere. */
  readonly hue: number;
  /** All that they told, unchecked. */
  readonly state: Readonly<Record<string, unknown>>;
}

/** A part of a crowd is enough. */
const maxVisitors = 100;

/** Everybody who has told a name, this tab included. */
export function listVisitors(awareness: Awareness): readonly Visitor[] {
  const visitors: Visitor[] = [];
  for (const [clientId, told] of awareness.getStates()) {
    if (visitors.length === maxVisitors) break;
    const state: unknown = told;
    const name = isRecord(state) ? visitorName(state['user']) : undefined;
    if (isRecord(state) && name !== undefined) visitors.push({ clientId, name, hue: hueOf(name), state });
  }
  return visitors;
}

/** The name in what a peer tells of its user, if it is one. */
export function visitorName(user: unknown): string | undefined {
  return isRecord(user) && typeof user['name'] === 'string' ? cleanName(user['name'].slice(0, 200)) : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
