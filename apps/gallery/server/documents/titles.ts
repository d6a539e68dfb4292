import { maxTitleLength } from '../../shared/documents.js';

/** How long after a change the title is read: nobody waits for it. */
const restMs = 1000;
/** Documents that wait at once. The title of one more is old until its next change. */
const maxWaiting = 500;

interface TitlesOptions {
  /** Reads the text of a document. */
  readonly read: (id: string) => Promise<string>;
  /** Stores the title of a document. */
  readonly write: (id: string, title: string) => Promise<unknown>;
  /** For tests. */
  readonly waitMs?: number;
}

/** The titles of documents, which are their first lines. */
export interface Titles {
  /** The document changes now. */
  touched(id: string): void;
  close(): void;
}

export function createTitles({ read, write, waitMs = restMs }: TitlesOptions): Titles {
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();

  const refresh = async (id: string): Promise<void> => {
    waiting.delete(id);
    const line = (await read(id)).split('\n').find((each) => each.trim() !== '');
    // A document that is empty keeps its title.
    if (line !== undefined) await write(id, line.trim().slice(0, maxTitleLength));
  };

  return {
    touched: (id) => {
      if (waiting.size >= maxWaiting && !waiting.has(id)) return;
      clearTimeout(waiting.get(id));
      // A title that cannot be read or stored now is read after the next change.
      waiting.set(
        id,
        setTimeout(() => void refresh(id).catch(() => undefined), waitMs),
      );
    },
    close: () => {
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
