import { type DocumentStatus, bind } from 'longwave/yjs';
import { IndexeddbPersistence } from 'y-indexeddb';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { DocumentArea } from '../../shared/documents.js';
import { type Store, createStore } from '../lib/store.js';
import type { Session } from '../session/session.js';

/** The state of a document that is open. */
export interface DocumentState {
  /** It can be shown: what the server has came, or what this browser kept of it. */
  readonly isReady: boolean;
  readonly status: DocumentStatus;
  /** Whether this browser keeps the document: private windows may not. */
  readonly isKept: boolean;
}

/** A document over the page's client, kept in this browser as well. */
export interface OpenDocument {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly state: Store<DocumentState>;
  close(): void;
}

/** Without a name one reads, and nobody sees that one is there. */
export function openDocument({ client, name }: Session, area: DocumentArea, id: string): OpenDocument {
  // #region teach:write-client
  const doc = new Y.Doc();
  const binding = bind(client.channel(`${area}/${id}`), doc);
  const { awareness } = binding;
  awareness.setLocalState(name === undefined ? null : { user: { name } });
  const state = createStore<DocumentState>({ isReady: false, status: binding.status, isKept: false });
  // #endregion
  const update = (patch: Partial<DocumentState>): void => state.set((before) => ({ ...before, ...patch }));

  const kept = new IndexeddbPersistence(`longwave:${area}/${id}`, doc);
  kept.whenSynced.then(
    () => update({ isKept: true, ...(hasContent(doc) && { isReady: true }) }),
    // Without storage the document is as good as the connection.
    () => undefined,
  );
  // #region teach:write-client
  const stopWatching = binding.on('status', (status) => update({ status, ...(status.synced && { isReady: true }) }));
  if (binding.status.synced) update({ isReady: true });
  // #endregion

  return {
    doc,
    awareness,
    state,
    close: () => {
      stopWatching();
      binding.unsubscribe();
      // Once it has opened: before, there is nothing to close.
      void kept.destroy().catch(() => undefined);
      doc.destroy();
    },
  };
}

function hasContent(doc: Y.Doc): boolean {
  return Y.encodeStateVector(doc).length > 1;
}
