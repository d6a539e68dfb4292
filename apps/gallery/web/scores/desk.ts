import { LongwaveError } from 'longwave/client';
import type { CommentaryEntry } from '../../shared/scores/commentary.js';
import { randomHex } from '../lib/random-hex.js';
import { type Store, createStore } from '../lib/store.js';
import type { GalleryClient } from '../session/session.js';

/** An operator's entry before it is sent, and the state of the page when it was begun. */
export interface Submission {
  readonly match: string;
  readonly entry: CommentaryEntry;
  /** For a new line the version of the match on the board, for a correction the revision of the line. */
  readonly expect: number | undefined;
  /** In words, for the operator. */
  readonly summary: string;
}

type Fate =
  | { readonly status: 'sending' }
  | { readonly status: 'stored'; readonly offset: number }
  /** Something else was stored in between: the operator decides. */
  | { readonly status: 'conflict'; readonly message: string }
  /** The connection ended before the answer: it may be stored. Sent again, it is stored once. */
  | { readonly status: 'unknown' }
  | { readonly status: 'refused'; readonly message: string };

export interface DeskState {
  readonly role: 'none' | 'asking' | 'operator';
  readonly problem: string | undefined;
  /** The last one. */
  readonly submission: (Submission & { readonly id: string; readonly fate: Fate }) | undefined;
}

export interface Desk {
  readonly store: Store<DeskState>;
  takeRole(): Promise<void>;
  leaveRole(): Promise<void>;
  submit(submission: Submission): Promise<void>;
  /** After `unknown`: the same once more. */
  sendAgain(): Promise<void>;
  /** After `conflict`: enters it on top of what is there now, of which `expect` says that it was seen. */
  enterAnyway(expect: number | undefined): Promise<void>;
  /** Clears the submission, whatever became of it. */
  dismiss(): void;
}

export function createDesk({ client }: { readonly client: GalleryClient }): Desk {
  const store = createStore<DeskState>({ role: 'none', problem: undefined, submission: undefined });

  const operate = async (isWanted: boolean): Promise<void> => {
    store.set((state) => ({ ...state, role: 'asking', problem: undefined }));
    try {
      const operates = await client.call('scores/operate', { operate: isWanted });
      store.set((state) => ({ ...state, role: operates ? 'operator' : 'none' }));
    } catch (error) {
      store.set((state) => ({ ...state, role: 'none', problem: describe(error) }));
    }
  };

  const send = async (submission: Submission, id: string): Promise<void> => {
    const settle = (fate: Fate): void =>
      store.set((state) =>
        state.submission?.id === id ? { ...state, submission: { ...submission, id, fate } } : state,
      );
    store.set((state) => ({ ...state, submission: { ...submission, id, fate: { status: 'sending' } } }));
    const { match, entry, expect } = submission;
    try {
      const { offset } = await client.call('scores/record', {
        match,
        entry,
        id,
        ...(expect !== undefined && { expect }),
      });
      settle({ status: 'stored', offset });
    } catch (error) {
      settle(failure(error));
      // A server that started anew does not know its operators.
      if (error instanceof LongwaveError && error.code === 'forbidden')
        store.set((state) => ({ ...state, role: 'none' }));
    }
  };

  return {
    store,
    takeRole: () => operate(true),
    leaveRole: () => operate(false),
    submit: (submission) => send(submission, randomHex(16)),
    sendAgain: async () => {
      const { submission } = store.get();
      if (submission?.fate.status === 'unknown') await send(submission, submission.id);
    },
    enterAnyway: async (expect) => {
      const { submission } = store.get();
      if (submission?.fate.status === 'conflict') await send({ ...submission, expect }, submission.id);
    },
    dismiss: () => store.set((state) => ({ ...state, submission: undefined })),
  };
}

function failure(error: unknown): Fate {
  if (!(error instanceof LongwaveError)) return { status: 'refused', message: describe(error) };
  const { code, message } = error;
  if (code === 'conflict') return { status: 'conflict', message };
  return code === 'connection-lost' || code === 'timeout' ? { status: 'unknown' } : { status: 'refused', message };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
