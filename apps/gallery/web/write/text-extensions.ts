import { Extension } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { StarterKit } from '@tiptap/starter-kit';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { textField } from '../../shared/documents.js';
import { hueOf } from '../chat/hue.js';
import { isRecord, visitorName } from '../documents/visitor.js';
import { commentMarks } from './comment-marks.js';

/** The text's schema, bound to a document, with the carets of others and marks where comments are. */
export function textExtensions(doc: Y.Doc, awareness: Awareness) {
  return [
    StarterKit.configure({
      heading: { levels: [1, 2, 3] },
      link: { openOnClick: false },
      // The document has its own undo, which leaves the work of others alone.
      undoRedo: false,
      // It would write a line into the document of everybody who only opens it.
      trailingNode: false,
    }),
    Collaboration.configure({ document: doc, field: textField }),
    carets(awareness),
    commentMarks,
  ];
}

/** Carets and selections of others, each with a name and one of six colors. */
function carets(awareness: Awareness): Extension {
  return Extension.create({
    name: 'carets',
    addProseMirrorPlugins: () => [
      yCursorPlugin(awareness, {
        awarenessStateFilter: (own: unknown, other: unknown, state: unknown) => own !== other && hasCaret(state),
        cursorBuilder: drawCaret,
        selectionBuilder: (user) => ({ class: `caret-selection hue-${hueOf(visitorName(user) ?? '')}` }),
      }),
    ],
  });
}

/** Others tell whatever they want: one that is no position must not stop the editor. */
function hasCaret(state: unknown): boolean {
  if (!isRecord(state) || visitorName(state['user']) === undefined || !isRecord(state['cursor'])) return false;
  const { anchor, head } = state['cursor'];
  return isPosition(anchor) && isPosition(head);
}

function isPosition(told: unknown): boolean {
  try {
    Y.createRelativePositionFromJSON(told);
    return isRecord(told);
  } catch {
    return false;
  }
}

function drawCaret(user: unknown): HTMLElement {
  const name = visitorName(user) ?? '';
  const caret = document.createElement('span');
  caret.className = `caret hue-${hueOf(name)}`;
  const label = document.createElement('span');
  label.className = 'caret-label';
  label.textContent = name;
  caret.append(label);
  return caret;
}
