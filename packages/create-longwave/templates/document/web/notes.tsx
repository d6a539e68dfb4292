import { useDocument } from 'longwave/yjs/react';
import { Editor } from './editor.js';
import { me, useChannel } from './realtime.js';

export function Notes({ id }: { readonly id: string }) {
  const { doc, awareness, status } = useDocument(useChannel(`notes/${id}`));
  const { state, synced, unsaved, error } = status;
  return (
    <main>
      <header>
        <h1>{id}</h1>
        <output>{error?.message ?? (unsaved > 0 ? 'Saving' : state === 'live' ? 'Saved' : state)}</output>
      </header>
      {/* An editor that waits for the content cannot claim that the document is empty. */}
      {synced ? <Editor text={doc.getText('text')} awareness={awareness} name={me} /> : <p>Loading</p>}
    </main>
  );
}
