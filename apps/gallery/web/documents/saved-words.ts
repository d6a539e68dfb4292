import type { DocumentState } from './open-document.js';

/** Words about the safety of a document's changes. */
export interface SavedWords {
  readonly tone: 'good' | 'busy' | 'bad' | 'quiet';
  readonly text: string;
}

interface SavedFacts {
  readonly state: DocumentState;
  readonly canWrite: boolean;
}

/** Nothing more hopeful than what is known: saved is what the server has acknowledged as stored. */
export function savedWords({ state: { status, isKept }, canWrite }: SavedFacts): SavedWords {
  const { unsaved, error } = status;
  const changes = unsaved === 1 ? '1 change' : `${unsaved} changes`;
  if (!canWrite) return { tone: 'quiet', text: status.state === 'offline' ? 'Read only, offline' : 'Read only' };
  if (error && unsaved > 0) return { tone: 'bad', text: `${changes} not stored: ${error.message}` };
  switch (status.state) {
    case 'ended':
      return { tone: 'bad', text: error ? `Closed: ${error.message}` : 'Closed' };
    case 'offline': {
      const place = isKept ? 'kept in this browser' : 'only in this tab';
      return { tone: 'bad', text: unsaved > 0 ? `Offline: ${changes} ${place}` : `Offline: ${place}` };
    }
    case 'opening':
      return { tone: 'busy', text: unsaved > 0 ? `${changes} not stored yet` : 'Opening' };
    case 'live':
      if (unsaved > 0) return { tone: 'busy', text: `${changes} not stored yet` };
      return status.synced ? { tone: 'good', text: 'All saved' } : { tone: 'busy', text: 'Opening' };
  }
}
