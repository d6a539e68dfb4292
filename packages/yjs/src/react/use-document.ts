import { useMemo, useSyncExternalStore } from 'react';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { DocumentChannel } from '../client/document-channel.js';
import type { DocumentStatus } from '../client/document-status.js';
import { type SharedDocument, type UseDocumentResult, sharedDocumentOf, unopened } from './shared-document.js';

/** The result of `useDocument` without a channel. */
export interface NoDocument {
  readonly doc: undefined;
  readonly awareness: undefined;
  readonly status: DocumentStatus;
}

interface Store<Shown> {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => Shown;
  readonly getServerSnapshot: () => Shown;
}

const noDocument: NoDocument = { doc: undefined, awareness: undefined, status: unopened };
const noStore: Store<NoDocument> = {
  subscribe: () => () => undefined,
  getSnapshot: () => noDocument,
  getServerSnapshot: () => noDocument,
};

/**
 * Opens a document while the component is mounted, and renders when its status changes: not with each letter, which is the editor's
 * business. All components that show the same document over the same client share one `Y.Doc`. It is destroyed when the last of them is
 * gone, and changes that are not saved then are sent all the same. Without a channel there is no document.
 * @example
 * ```tsx
 * function Page() {
 *   const { doc, awareness, status } = useDocument(useChannel('doc/welcome'));
 *   return <Editor doc={doc} awareness={awareness} readOnly={!status.synced} />;
 * }
 * ```
 */
export function useDocument(channel: DocumentChannel): UseDocumentResult;
export function useDocument(channel: DocumentChannel | undefined): UseDocumentResult | NoDocument;
export function useDocument(channel: DocumentChannel | undefined): UseDocumentResult | NoDocument {
  const store: Store<UseDocumentResult | NoDocument> = useMemo(
    () => (channel ? documentStore(channel) : noStore),
    [channel],
  );
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getServerSnapshot);
}

function documentStore(channel: DocumentChannel): Store<UseDocumentResult> {
  let document: SharedDocument | undefined;
  let onServer: UseDocumentResult | undefined;
  // A component that was hidden and is shown again needs another.
  const current = (): SharedDocument => {
    if (!document || document.isClosed) document = sharedDocumentOf(channel);
    return document;
  };
  return {
    subscribe: (listener) => current().subscribe(() => listener()),
    getSnapshot: () => current().shown,
    getServerSnapshot: () => (onServer ??= emptyDocument()),
  };
}

/** A document for a page that a server renders: nothing is opened, and no timer runs. */
function emptyDocument(): UseDocumentResult {
  const doc = new Y.Doc();
  const awareness = new Awareness(doc);
  awareness.destroy();
  return { doc, awareness, status: unopened };
}
