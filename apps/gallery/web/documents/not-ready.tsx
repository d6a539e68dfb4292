import type { ReactElement } from 'react';
import { useStore } from '../lib/store.js';
import type { OpenDocument } from './open-document.js';

/** In the place of a document of which nothing is known yet. An empty editor would claim that it is empty. */
export function NotReady({ document, noun }: { readonly document: OpenDocument; readonly noun: string }): ReactElement {
  const { status } = useStore(document.state);
  if (status.state === 'ended') {
    return (
      <p className="empty" role="alert">
        This {noun} cannot be opened: {status.error?.message ?? 'it was closed.'}
      </p>
    );
  }
  if (status.state === 'offline') {
    return <p className="empty">No connection, and this browser has no copy of this {noun}. It opens by itself.</p>;
  }
  return (
    <p className="empty" data-testid="opening">
      Opening…
    </p>
  );
}
