import type { ReactElement } from 'react';
import { useStore } from '../lib/store.js';
import type { OpenDocument } from './open-document.js';
import { savedWords } from './saved-words.js';

/** Whether what was written is safe. Read aloud only when the answer changes in kind. */
export function SavedNote({
  document,
  canWrite,
}: {
  readonly document: OpenDocument;
  readonly canWrite: boolean;
}): ReactElement {
  const state = useStore(document.state);
  const { tone, text } = savedWords({ state, canWrite });
  return (
    <p className={`saved saved-${tone}`} data-testid="saved">
      <span className="saved-dot" aria-hidden="true" />
      {text}
      <output className="visually-hidden">{tone === 'busy' ? '' : text}</output>
    </p>
  );
}
