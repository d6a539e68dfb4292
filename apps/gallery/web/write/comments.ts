import { LongwaveError, type MapWatch } from 'longwave/client';
import type { WriteThread } from '../../shared/document-messages.js';
import { type Store, createStore } from '../lib/store.js';
import type { GalleryClient } from '../session/session.js';
import { encodeAnchor } from './anchor.js';
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
  remove(thread: string, comment: string): void;
}

interface CommentsOptions {
  readonly client: GalleryClient;
  readonly id: string;
}

export function createComments({ client, id }: CommentsOptions): Comments {
  const channel = client.channel(`write-comments/${id}`);
  const store = createStore<CommentsState>({ threads: [], active: undefined, draft: undefined, problem: undefined });
  const update = (patch: Partial<CommentsState>): void => store.set((before) => ({ ...before, ...patch }));
  let watch: MapWatch<WriteThread> | undefined;

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
  const document = `write/${id}`;

  return {
    store,
    open: () => {
      const opened = channel.watch(() => {
        watch = opened;
        update({ threads: readThreads(opened.getSnapshot()) });
      });
      watch = opened;
      return () => watch?.unsubscribe();
    },
    look: (active) => update({ active }),
    begin: (draft) => update({ draft, problem: undefined }),
    start: async (text) => {
      const { draft } = store.get();
      return attempt(
        client
          .call('addComment', { document, text, ...(draft && { anchor: encodeAnchor(draft), quote: draft.quote }) })
          .then(({ thread }) => update({ draft: undefined, active: thread })),
      );
    },
    reply: (thread, text) => attempt(client.call('replyToComment', { document, thread, text })),
    resolve: (thread, resolved) => void attempt(client.call('resolveComments', { document, thread, resolved })),
    remove: (thread, comment) => void attempt(client.call('deleteComment', { document, thread, comment })),
  };
}
