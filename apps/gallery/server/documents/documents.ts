import type { PublishContext, Server } from 'longwave';
import { type CommentCalls, comments, documents } from 'longwave/yjs/server';
import type { GalleryChannels } from '../../shared/channels.js';
import { isDocumentName, publicDocuments, textField } from '../../shared/documents.js';
import type { WriteCalls } from '../../shared/write-versions.js';
import { fillFirstBoard, fillRetro } from './first-board.js';
import { fillIdeas, fillMinutes, fillWelcome } from './first-text.js';
import { createTitles } from './titles.js';
import { createVersionCalls } from './versions.js';

/** The server's part in documents and boards, beyond storing them. */
export interface GalleryDocuments {
  readonly calls: WriteCalls & CommentCalls;
  /** A hook: keeps comments to the server, and notes that a document changes. Leaves other channels alone. */
  onPublish(context: PublishContext): void;
  /** Called when there is a server. Before, nobody can comment. */
  open(): void;
  /** Gives the first documents their content, unless they have some. */
  seed(): Promise<void>;
  close(): void;
}

/** `server` is asked only from `open` on. */
export function createDocuments(server: () => Server<GalleryChannels>): GalleryDocuments {
  const titles = createTitles({
    read: (id) => documents(server()).text(`write/${id}`, textField),
    write: (id, title) => server().channel('write-titles').put(id, { title }),
  });
  // #region teach:write-server
  const notes = comments({
    document: 'write/:id',
    comments: 'write-comments/:id',
    // Everybody who has a name comments, and deletes their own.
    may: ({ action, params }) => action === 'comment' && isDocumentName(params['id'] ?? ''),
  });
  // #endregion
  return {
    calls: { ...createVersionCalls(server), ...notes.calls },
    open: () => notes.open(server()),
    onPublish: (context) => {
      void notes.hooks.publish?.(context);
      const { id } = context.params;
      if (id !== undefined && context.channel === `write/${id}`) titles.touched(id);
    },
    // #region teach:write-server
    seed: async () => {
      const docs = documents(server());
      // Once over all nodes, and never over what somebody wrote.
      await Promise.all([
        docs.seed('write/welcome', fillWelcome),
        docs.seed('write/minutes', fillMinutes),
        docs.seed('write/ideas', fillIdeas),
        docs.seed('board/welcome', fillFirstBoard),
        docs.seed('board/retro', fillRetro),
      ]);
      for (const id of publicDocuments.write) titles.touched(id);
    },
    // #endregion
    close: titles.close,
  };
}
