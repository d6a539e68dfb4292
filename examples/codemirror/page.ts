/// <reference lib="dom" />
import { EditorView, basicSetup } from 'codemirror';
import { connect } from 'longwave/client';
import { bind } from 'longwave/yjs';
import { yCollab } from 'y-codemirror.next';
import * as Y from 'yjs';
import type { channels } from './channels.js';

const client = connect<typeof channels>(location.origin);
const ydoc = new Y.Doc();
const text = ydoc.getText('text');

// From here on the document and the server have the same content, offline edits included.
const binding = bind(client.channel('notes/welcome'), ydoc);

const status = document.querySelector('output')!;
const show = (): void => {
  const { state, unsaved } = binding.status;
  status.textContent = unsaved > 0 ? `${unsaved} changes not stored yet` : state === 'live' ? 'All saved' : state;
};
binding.on('status', show);
show();

// Carets of others have this name.
binding.awareness.setLocalStateField('user', { name: `Guest ${ydoc.clientID % 1000}`, color: '#30bced' });

// An editor that waits for the content cannot claim that the document is empty.
void binding.synced.then(() => {
  new EditorView({
    doc: text.toJSON(),
    extensions: [basicSetup, EditorView.lineWrapping, yCollab(text, binding.awareness)],
    parent: document.querySelector('main')!,
  });
});
