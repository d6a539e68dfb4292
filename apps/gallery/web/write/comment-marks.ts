import { Extension } from '@tiptap/core';
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import type { Thread } from './threads.js';

/** A part of the text that a thread is about, as positions of now. */
export interface MarkedRange {
  readonly thread: string;
  readonly from: number;
  readonly to: number;
}

interface Marks {
  readonly threads: readonly Thread[];
  readonly active: string | undefined;
  readonly ranges: readonly MarkedRange[];
  readonly decorations: DecorationSet;
}

type Told = Pick<Marks, 'threads' | 'active'>;

const key = new PluginKey<Marks>('commentMarks');

/** Shows where the comments are. Their places move with the text, also while somebody else changes it. */
export const commentMarks = Extension.create({
  name: 'commentMarks',
  addProseMirrorPlugins: () => [
    new Plugin<Marks>({
      key,
      state: {
        init: () => ({ threads: [], active: undefined, ranges: [], decorations: DecorationSet.empty }),
        apply: (transaction, before, _old, state) => {
          const told = transaction.getMeta(key) as Told | undefined;
          if (told === undefined && !transaction.docChanged) return before;
          return mark(state, told ?? before);
        },
      },
      props: {
        decorations: (state) => key.getState(state)?.decorations,
      },
    }),
  ],
});

/** The transaction that tells the editor which threads there are. */
export function showThreads(transaction: Transaction, told: Told): Transaction {
  return transaction.setMeta(key, told).setMeta('addToHistory', false);
}

export function markedRanges(state: EditorState): readonly MarkedRange[] {
  return key.getState(state)?.ranges ?? [];
}

function mark(state: EditorState, { threads, active }: Told): Marks {
  const ranges = threads.flatMap((thread) => rangeOf(state, thread) ?? []);
  const decorations = ranges.map(({ thread, from, to }) =>
    Decoration.inline(from, to, {
      class: `commented${thread === active ? ' commented-active' : ''}`,
      'data-thread': thread,
    }),
  );
  return { threads, active, ranges, decorations: DecorationSet.create(state.doc, decorations) };
}

interface SyncState {
  readonly doc: Y.Doc;
  readonly type: Y.XmlFragment;
  readonly binding: { readonly mapping: Map<unknown, unknown> } | null;
}

function rangeOf(state: EditorState, { id, about }: Thread): MarkedRange | undefined {
  const sync = ySyncPluginKey.getState(state) as SyncState | undefined;
  if (!sync?.binding || !about) return undefined;
  const find = (anchor: string): number | null => {
    try {
      const place = Y.createRelativePositionFromJSON(JSON.parse(anchor));
      return relativePositionToAbsolutePosition(sync.doc, sync.type, place, sync.binding!.mapping as never);
    } catch {
      // It is no position, whoever wrote it.
      return null;
    }
  };
  const [from, to] = [find(about.from), find(about.to)];
  // All of the text may be gone.
  if (from === null || to === null || from >= to || to > state.doc.content.size) return undefined;
  return { thread: id, from, to };
}

/** The selection in a form that finds it again when the text has changed. Undefined when nothing is selected. */
export function anchorSelection(state: EditorState, maxQuote: number): NonNullable<Thread['about']> | undefined {
  const sync = ySyncPluginKey.getState(state) as SyncState | undefined;
  const { from, to, empty } = state.selection;
  if (!sync?.binding || empty) return undefined;
  const anchor = (position: number): string =>
    JSON.stringify(
      Y.relativePositionToJSON(
        absolutePositionToRelativePosition(position, sync.type, sync.binding!.mapping as never) as Y.RelativePosition,
      ),
    );
  return { from: anchor(from), to: anchor(to), quote: state.doc.textBetween(from, to, ' ').slice(0, maxQuote) };
}
