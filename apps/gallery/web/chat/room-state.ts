import type { ResetReason } from 'longwave/client';

/** A message that the server has stored. */
export interface StoredMessage {
  readonly kind: 'message';
  readonly key: string;
  readonly epoch: string;
  readonly offset: number;
  readonly time: number;
  readonly id: string | undefined;
  readonly user: string | undefined;
  readonly text: string;
}

/** Where continuity ended: what stands above and below is not known to be whole. */
interface Break {
  readonly kind: 'break';
  readonly key: string;
  readonly reason: ResetReason;
}

export type Entry = StoredMessage | Break;

/** A message of ours that has not come back through the log yet. */
export interface Outgoing {
  readonly id: string;
  readonly text: string;
  /** This page's clock. */
  readonly time: number;
  readonly fate:
    | { readonly status: 'sending' }
    | { readonly status: 'stored'; readonly offset: number }
    | { readonly status: 'failed'; readonly code: string; readonly message: string; readonly canRetry: boolean };
}

/** State of the messages above the oldest one that is shown. */
export type Older =
  | { readonly status: 'unknown' }
  | { readonly status: 'more'; readonly error?: string }
  | { readonly status: 'loading' }
  /** `isWhole`: the first message ever is shown; otherwise older ones were trimmed. */
  | { readonly status: 'end'; readonly isWhole: boolean };

/** Outcome of a reconnect, said once. */
export type Notice =
  | { readonly kind: 'recovered'; readonly awayMs: number; readonly count: number }
  | { readonly kind: 'reset'; readonly awayMs: number | undefined; readonly reason: ResetReason };

export interface RoomState {
  readonly status: 'opening' | 'live' | 'ended';
  readonly endedBecause: string | undefined;
  readonly entries: readonly Entry[];
  readonly outgoing: readonly Outgoing[];
  readonly older: Older;
  readonly notice: Notice | undefined;
}

/** Beyond this the oldest are dropped from the page; paging upwards brings them back. */
export const maxEntries = 2000;

export const emptyRoom: RoomState = {
  status: 'opening',
  endedBecause: undefined,
  entries: [],
  outgoing: [],
  older: { status: 'unknown' },
  notice: undefined,
};

/** A message from the log. It settles the outgoing one with its id, and replaces what a former log said of it. */
export function withReceived(state: RoomState, message: StoredMessage): RoomState {
  const { id } = message;
  if (state.entries.some((entry) => entry.key === message.key)) return state;
  const kept =
    id === undefined ? state.entries : state.entries.filter((entry) => entry.kind !== 'message' || entry.id !== id);
  const entries = [...kept, message];
  const isOver = entries.length > maxEntries;
  return {
    ...state,
    entries: isOver ? entries.slice(-maxEntries) : entries,
    older: isOver ? { status: 'more' } : state.older,
    outgoing: state.outgoing.some((outgoing) => outgoing.id === id)
      ? state.outgoing.filter((outgoing) => outgoing.id !== id)
      : state.outgoing,
  };
}

/** The oldest message of the unbroken run that ends at the bottom: history goes on above it. */
export function oldestOfRun(state: RoomState): StoredMessage | undefined {
  const start = state.entries.findLastIndex((entry) => entry.kind === 'break') + 1;
  const first = state.entries[start];
  return first?.kind === 'message' ? first : undefined;
}

/** A page of history, older than everything in the run. `floor` is the last offset that was trimmed. */
export function withPage(state: RoomState, page: readonly StoredMessage[], floor: number): RoomState {
  const start = state.entries.findLastIndex((entry) => entry.kind === 'break') + 1;
  const run = state.entries.slice(start);
  const known = new Set(run.map((entry) => entry.key));
  const fresh = page.filter((message) => !known.has(message.key));
  const oldest = fresh[0] ?? oldestOfRun(state);
  const isEnd = fresh.length === 0 || (oldest !== undefined && oldest.offset <= floor + 1);
  return {
    ...state,
    entries: [...state.entries.slice(0, start), ...fresh, ...run],
    older: isEnd ? { status: 'end', isWhole: floor === 0 } : { status: 'more' },
  };
}

/** The subscription stands; `offset` is where. The first time, it tells whether there is history above. */
export function withSubscribed(state: RoomState, offset: number): RoomState {
  const isFresh = state.older.status === 'unknown';
  const older: Older = offset > 0 ? { status: 'more' } : { status: 'end', isWhole: true };
  return { ...state, status: 'live', older: isFresh ? older : state.older };
}

/**
 * Continuity ended, and `offset` is where the subscription stands now. The messages that are shown stay, above a line
 * that says so.
 */
export function withBreak(state: RoomState, reason: ResetReason, offset: number, key: string): RoomState {
  const hasMessages = state.entries.length > 0;
  return {
    ...state,
    entries: hasMessages ? [...state.entries, { kind: 'break', key, reason }] : [],
    older: offset > 0 ? { status: 'more' } : { status: 'end', isWhole: true },
  };
}

export function withOutgoing(state: RoomState, outgoing: Outgoing): RoomState {
  return { ...state, outgoing: [...state.outgoing.filter(({ id }) => id !== outgoing.id), outgoing] };
}

export function withFate(state: RoomState, id: string, fate: Outgoing['fate']): RoomState {
  return {
    ...state,
    outgoing: state.outgoing.map((outgoing) => (outgoing.id === id ? { ...outgoing, fate } : outgoing)),
  };
}

export function withoutOutgoing(state: RoomState, id: string): RoomState {
  return { ...state, outgoing: state.outgoing.filter((outgoing) => outgoing.id !== id) };
}
