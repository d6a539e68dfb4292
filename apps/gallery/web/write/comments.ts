import { LongwaveError, type MapWatch } from 'longwave/client';
import type { WriteComment } from '../../shared/document-messages.js';
import { commentKey, resolvedKey } from '../../shared/write-comments.js';
import { randomHex } from '../lib/random-hex.js';
import { type Store, createStore } from '../lib/store.js';
import type { GalleryClient } from '../session/session.js';
import { type Thread, readThreads } from './threads.js';

interface CommentsState {
  readonly threads: readonly Thread[];
  /** The thread that is looked at. */
  readonly active: string | undefined;
  /** The words that a new thread would be about. */
  readonly draft: Thread['about'];
  /** Why the last change was refused. */
  readonly problem: string | undefined;
}

/** The comments beside a document. */
export interface Comments {
  readonly store: Store<CommentsState>;
  /** Watches them. Returns how to stop. */
  open(): () => void;
  look(thread: string | undefined): void;
  /** Sets what a new thread is about, or gives it up. */
  begin(about: Thread['about']): void;
  /** Resolves with whether it was stored. */
  start(text: string): Promise<boolean>;
  reply(thread: string, text: string): Promise<boolean>;
  resolve(thread: string, isResolved: boolean): void;
  remove(key: string): void;
}

interface CommentsOptions {
  readonly client: GalleryClient;
  readonly id: string;
  readonly user: string | undefined;
}

export function createComments({ client, id, user }: CommentsOptions): Comments {
  const channel = client.channel(`write-comments/${id}`);
  const store = createStore<CommentsState>({ threads: [], active: undefined, draft: undefined, problem: undefined });
  const update = (patch: Partial<CommentsState>): void => store.set((before) => ({ ...before, ...patch }));
  let watch: MapWatch<WriteComment> | undefined;

  const attempt = async (change: Promise<unknown>): Promise<boolean> => {
    try {
      await change;
      update({ problem: undefined });
      return true;
    } catch (error) {
      update({ problem: error instanceof LongwaveError ? error.message : String(error) });
      return false;
    }
  };
  const write = (thread: string, value: WriteComment): Promise<boolean> =>
    attempt(channel.put(commentKey(thread, randomHex(8), user ?? ''), value));

  return {
    store,
    open: () => {
      const opened = channel.watch(() => {
        watch = opened;
        const entries = [...opened.getSnapshot()].map(
          ([key, value]) => [key, { value, time: opened.entry(key)?.time ?? 0 }] as const,
        );
        update({ threads: readThreads(entries) });
      });
      watch = opened;
      return () => watch?.unsubscribe();
    },
    look: (active) => update({ active }),
    begin: (draft) => update({ draft, problem: undefined }),
    start: async (text) => {
      const { draft } = store.get();
      const thread = randomHex(8);
      const isStored = await write(thread, { text, ...(draft && { about: draft }) });
      if (isStored) update({ draft: undefined, active: thread });
      return isStored;
    },
    reply: (thread, text) => write(thread, { text }),
    resolve: (thread, isResolved) => void attempt(channel.put(resolvedKey(thread), { isResolved })),
    remove: (key) => void attempt(channel.delete(key)),
  };
}
