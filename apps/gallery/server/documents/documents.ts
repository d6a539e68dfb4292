import type { PublishContext, Server } from 'longwave';
import { documents } from 'longwave/yjs/server';
import type { GalleryChannels } from '../../shared/channels.js';
import { textField } from '../../shared/documents.js';
import type { WriteCalls } from '../../shared/write-versions.js';
import { checkComment } from './comments.js';
import { fillFirstBoard } from './first-board.js';
import { fillWelcome } from './first-text.js';
import { createTitles } from './titles.js';
import { createVersionCalls } from './versions.js';

/** The server's part in documents and boards, beyond storing them. */
export interface GalleryDocuments {
  readonly calls: WriteCalls;
  /** A hook: checks comments, and notes that a document changes. Leaves other channels alone. */
  onPublish(context: PublishContext): void;
  /** Gives the first documents their content, unless they have some. */
  seed(): Promise<void>;
  close(): void;
}

/** `server` is asked only from `seed` on. */
export function createDocuments(server: () => Server<GalleryChannels>): GalleryDocuments {
  const titles = createTitles({
    read: (id) => documents(server()).text(`write/${id}`, textField),
    write: (id, title) => server().channel('write-titles').put(id, { title }),
  });
  return {
    calls: createVersionCalls(server),
    onPublish: (context) => {
      checkComment(context);
      const { id } = context.params;
      if (id !== undefined && context.channel === `write/${id}`) titles.touched(id);
    },
    seed: async () => {
      const docs = documents(server());
      await Promise.all([docs.seed('write/welcome', fillWelcome), docs.seed('board/welcome', fillFirstBoard)]);
      titles.touched('welcome');
    },
    close: titles.close,
  };
}
