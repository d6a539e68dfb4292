import { type Client, LongwaveError, type MapWatch } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import type { Mark } from '../../shared/chat-messages.js';
import { type Reaction, markKey } from '../../shared/chat.js';
import { type Store, createStore } from '../lib/store.js';
import { type MarkPatch, type Marks, type PendingMark, applyPatch, withMarks } from './marks-state.js';

/** As long as the messages are kept (see the contract). */
const ttl = '30d';

interface MarksState {
  /** With what we changed ourselves, before the server has it. */
  readonly marks: Marks;
  /** Why a change of ours was taken back. */
  readonly problem: string | undefined;
}

/** Reactions to a room's messages, and edits of them. */
export interface MessageMarks {
  readonly store: Store<MarksState>;
  open(): () => void;
  /** Puts our reaction on a message, or takes it away. `message` is its key. */
  toggle(message: string, reaction: Reaction): void;
  edit(message: string, text: string): void;
  /** Takes away all that we put on a message. Resolves with false where that was refused, which is told as a problem. */
  clear(message: string): Promise<boolean>;
  dismissProblem(): void;
}

interface MarksOptions {
  readonly client: Client<GalleryChannels>;
  readonly room: string;
  readonly user: string | undefined;
}

export function createMarks({ client, room, user }: MarksOptions): MessageMarks {
  const channel = client.channel(`chat-marks/${room}`);
  const store = createStore<MarksState>({ marks: new Map(), problem: undefined });
  let stored: ReadonlyMap<string, Mark> = new Map();
  let watch: MapWatch<Mark> | undefined;
  let pending: readonly PendingMark[] = [];
  let ids = 0;

  /** The entry with what is pending on top. */
  const lookup = (key: string): Mark | undefined =>
    pending
      .filter((each) => each.key === key)
      .reduce<Mark | undefined>((mark, { patch }) => applyPatch(mark, patch), stored.get(key));

  const refresh = (keys: Iterable<string>, base: Marks = store.get().marks): void =>
    store.set((state) => ({ ...state, marks: withMarks(base, keys, lookup) }));

  /** Lets go of changes that the state has by now. Returns their keys. */
  const settle = (): readonly string[] => {
    const upTo = watch?.position?.offset ?? 0;
    const settled = pending.filter(({ storedAt }) => storedAt !== undefined && storedAt <= upTo);
    if (settled.length > 0) pending = pending.filter((each) => !settled.includes(each));
    return settled.map(({ key }) => key);
  };

  /** Resolves with true when the server has it, and with false when it refused it. */
  const change = async (message: string, patch: MarkPatch): Promise<boolean> => {
    if (user === undefined) return false;
    const key = markKey(message, user);
    const id = ++ids;
    pending = [...pending, { id, key, patch }];
    refresh([key]);
    try {
      const { position } = await channel.patch(key, patch, { ttl });
      pending = pending.map((each) => (each.id === id ? { ...each, storedAt: position.offset } : each));
      refresh(settle());
      return true;
    } catch (error) {
      pending = pending.filter((each) => each.id !== id);
      refresh([key]);
      store.set((state) => ({ ...state, problem: describe(error) }));
      return false;
    }
  };

  return {
    store,
    open: () => {
      const opened = channel.watch((entries, { added, updated, removed, initial, reset }) => {
        stored = entries;
        // Marks stored in a state that is gone do not come with this one.
        const gone = reset ? pending.filter(({ storedAt }) => storedAt !== undefined) : [];
        pending = pending.filter((each) => !gone.includes(each));
        const ours = [...gone, ...(initial ? pending : [])];
        const keys = [...added, ...updated, ...[...removed, ...ours].map(({ key }) => key), ...settle()];
        // Between two openings anything may have gone.
        refresh(keys, initial ? new Map() : undefined);
      });
      watch = opened;
      return () => opened.unsubscribe();
    },
    toggle: (message, reaction) => {
      if (user === undefined) return;
      const isOn = lookup(markKey(message, user))?.reactions?.[reaction] === true;
      void change(message, { reactions: { [reaction]: isOn ? null : true } });
    },
    edit: (message, text) => void change(message, { text }),
    clear: async (message) => {
      if (user === undefined || !lookup(markKey(message, user))) return true;
      return change(message, { text: null, reactions: null });
    },
    dismissProblem: () => store.set((state) => ({ ...state, problem: undefined })),
  };
}

function describe(error: unknown): string {
  return error instanceof LongwaveError ? `${error.message} (${error.code})` : String(error);
}
