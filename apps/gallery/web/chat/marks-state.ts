import type { Patch } from 'longwave/client';
import type { Mark } from '../../shared/chat-messages.js';
import { type Reaction, parseMarkKey, reactions } from '../../shared/chat.js';

/** Marks on one message, by the user who put them there. */
export type MarksOfMessage = ReadonlyMap<string, Mark>;

/** By the message's key. A message without a change keeps its map. */
export type Marks = ReadonlyMap<string, MarksOfMessage>;

export type MarkPatch = Patch<Mark>;

/** A change of ours that is shown already, and not yet known to be in the state. */
export interface PendingMark {
  readonly id: number;
  readonly key: string;
  readonly patch: MarkPatch;
  /** The change's offset, once the server has stored it. */
  readonly storedAt?: number;
}

/** A message as it is to be shown. */
export interface ShownMarks {
  /** In place of the text in the log. */
  readonly text: string | undefined;
  readonly reactions: readonly { readonly reaction: Reaction; readonly users: readonly string[] }[];
}

/** `marks` with the entries `keys` as `lookup` has them now. */
export function withMarks(marks: Marks, keys: Iterable<string>, lookup: (key: string) => Mark | undefined): Marks {
  const next = new Map(marks);
  for (const key of keys) {
    const address = parseMarkKey(key);
    if (!address) continue;
    const { message, user } = address;
    const ofMessage = new Map(next.get(message));
    const mark = lookup(key);
    if (mark === undefined) ofMessage.delete(user);
    else ofMessage.set(user, mark);
    if (ofMessage.size === 0) next.delete(message);
    else next.set(message, ofMessage);
  }
  return next;
}

/** A JSON Merge Patch, as the server will apply it. */
export function applyPatch(mark: Mark | undefined, patch: MarkPatch): Mark {
  return merge(mark ?? {}, patch);
}

function merge(target: object, patch: object): object {
  const merged = new Map<string, unknown>(Object.entries(target));
  for (const [name, value] of Object.entries(patch) as [string, unknown][]) {
    const before = merged.get(name);
    if (value === null) merged.delete(name);
    else merged.set(name, isObject(value) ? merge(isObject(before) ? before : {}, value) : value);
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** An edit counts when the author made it: the server refuses others, and so does the page. */
export function showMarks(marks: MarksOfMessage | undefined, author: string | undefined): ShownMarks {
  const own = author === undefined ? undefined : marks?.get(author);
  return {
    text: own?.text,
    reactions: reactions.flatMap((reaction) => {
      const users = [...(marks ?? [])]
        .filter(([, mark]) => mark.reactions?.[reaction])
        .map(([user]) => user)
        .toSorted();
      return users.length > 0 ? [{ reaction, users }] : [];
    }),
  };
}
