import type { Position, ResetReason } from 'longwave/client';

/** A message that the server has stored. */
export interface StoredMessage {
  readonly kind: 'message';
  readonly key: string;
  readonly epoch: string;
  readonly offset: number;
  readonly time: number;
  readonly id: string | undefined;
  readonly user: string | undefined;
  /** Undefined: the message was deleted, and nobody can read it any more. */
  readonly text: string | undefined;
}

/** A page of the log's history. */
export interface OlderPage {
  readonly messages: readonly StoredMessage[];
  /** It covers the operations from here to `last`, redactions included. */
  readonly first: number;
  readonly last: number;
  /** The last offset that was trimmed. */
  readonly floor: number;
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
  /** History goes on before this operation. The log has redactions in it too, so it need not be a message. */
  readonly oldest: Position | undefined;
  /** The last operation that came. */
  readonly newest: Position | undefined;
  /** Keys of messages that we asked to be deleted, until the log says that they are. */
  readonly deleting: ReadonlySet<string>;
  readonly notice: Notice | undefined;
  /** Why a message was not deleted. */
  readonly problem: string | undefined;
}

/** Beyond this the oldest are dropped from the page; paging upwards brings them back. */
export const maxEntries = 2000;

export const emptyRoom: RoomState = {
  status: 'opening',
  endedBecause: undefined,
  entries: [],
  outgoing: [],
  older: { status: 'unknown' },
  oldest: undefined,
  newest: undefined,
  deleting: new Set(),
  notice: undefined,
  problem: undefined,
};

/** A message from the log. It settles the outgoing one with its id, and replaces what a former log said of it. */
export function withReceived(state: RoomState, message: StoredMessage): RoomState {
  const { id, epoch, offset } = message;
  if (state.entries.some((entry) => entry.key === message.key)) return state;
  const kept =
    id === undefined ? state.entries : state.entries.filter((entry) => entry.kind !== 'message' || entry.id !== id);
  const all = [...kept, message];
  const isOver = all.length > maxEntries;
  const entries = isOver ? all.slice(-maxEntries) : all;
  const top = entries[0];
  return {
    ...state,
    entries,
    ...(isOver && { older: { status: 'more' } }),
    ...(isOver && top?.kind === 'message' && { oldest: { epoch: top.epoch, offset: top.offset } }),
    newest: { epoch, offset },
    outgoing: state.outgoing.some((outgoing) => outgoing.id === id)
      ? state.outgoing.filter((outgoing) => outgoing.id !== id)
      : state.outgoing,
  };
}

/** Begins with the oldest message of the unbroken run that ends at the bottom. */
function startOfRun({ entries }: RoomState): number {
  return entries.findLastIndex((entry) => entry.kind === 'break') + 1;
}

/** The log says that the message at `target` was deleted. `position` is that of the redaction. */
export function withRedaction(state: RoomState, target: number, { epoch, offset }: Position): RoomState {
  // In the run, offsets name messages even when the log went on in another epoch.
  const message = state.entries
    .slice(startOfRun(state))
    .find((entry) => entry.kind === 'message' && entry.offset === target);
  const heard = { ...state, newest: { epoch, offset } };
  return message ? withDeleted(heard, message.key) : heard;
}

/** The text of a message is gone, its place stays. */
export function withDeleted(state: RoomState, key: string): RoomState {
  return {
    ...withoutDeleting(state, key),
    entries: state.entries.map((entry) =>
      entry.kind === 'message' && entry.key === key ? { ...entry, text: undefined } : entry,
    ),
  };
}

/** We asked for the deletion of a message. */
export function withDeleting(state: RoomState, key: string): RoomState {
  return { ...state, deleting: new Set([...state.deleting, key]) };
}

/** The deletion is on its way no more. `problem` says why it was refused. */
export function withoutDeleting(state: RoomState, key: string, problem = state.problem): RoomState {
  const deleting = new Set(state.deleting);
  deleting.delete(key);
  return { ...state, deleting, problem };
}

/** A page of history, older than everything in the run. */
export function withPage(state: RoomState, { messages, first, last, floor }: OlderPage): RoomState {
  const start = startOfRun(state);
  const run = state.entries.slice(start);
  const known = new Set(run.map((entry) => entry.key));
  const fresh = messages.filter((message) => !known.has(message.key));
  const isEnd = last < first || first <= floor + 1;
  return {
    ...state,
    entries: [...state.entries.slice(0, start), ...fresh, ...run],
    older: isEnd ? { status: 'end', isWhole: floor === 0 } : { status: 'more' },
    oldest: state.oldest && { ...state.oldest, offset: Math.min(first, state.oldest.offset) },
  };
}

/** The subscription stands at `position`. The first time, it tells whether there is history above. */
export function withSubscribed(state: RoomState, position: Position): RoomState {
  const begun = state.older.status === 'unknown' ? { ...state, ...historyBefore(position) } : state;
  return { ...begun, status: 'live' };
}

/** All that stands up to `position` is history. */
function historyBefore({ epoch, offset }: Position): Pick<RoomState, 'older' | 'oldest'> {
  return {
    older: offset > 0 ? { status: 'more' } : { status: 'end', isWhole: true },
    oldest: { epoch, offset: offset + 1 },
  };
}

/**
 * Continuity ended, and the subscription stands at `position` now. The messages that are shown stay, above a line that
 * says so.
 */
export function withBreak(state: RoomState, reason: ResetReason, position: Position, key: string): RoomState {
  const hasMessages = state.entries.length > 0;
  return {
    ...state,
    ...historyBefore(position),
    entries: hasMessages ? [...state.entries, { kind: 'break', key, reason }] : [],
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
