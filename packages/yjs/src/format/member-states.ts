/**
 * The data that a member of a document gives: the states of its Yjs clients by their ids, for awareness. A page has one; a
 * connection in another dialect may speak for some.
 */
export interface MemberStates {
  readonly clients: Readonly<Record<string, unknown>>;
}

/** Yjs clients that one member may speak for. */
const maxClients = 4;

/** The states in a member's data, by Yjs client. Anything that is none is left out. */
export function statesOf(data: unknown): ReadonlyMap<number, object> {
  const states = new Map<number, object>();
  const { clients } = (data ?? {}) as Partial<MemberStates>;
  if (typeof clients !== 'object' || clients === null) return states;
  for (const [id, state] of Object.entries(clients)) {
    const client = Number(id);
    const isState = typeof state === 'object' && state !== null;
    if (isState && Number.isSafeInteger(client) && client >= 0 && states.size < maxClients) states.set(client, state);
  }
  return states;
}
