import type { DocumentVersion } from '@longwave/core';
import { type OptionRule, checkOptions, option } from '@longwave/protocol';
import type * as Y from 'yjs';
import type { Written } from '../compaction/read-messages.js';
import { type EditOptions, editRules, publishUpdate } from '../documents/edit-document.js';
import { type Reading, buildDocument } from '../documents/open-document.js';
import type { RootDifference } from './compare.js';
import type { VersionReader } from './version-reader.js';

/** The versions of a document: its states that are kept. */
export interface DocumentVersions {
  /** The oldest first. */
  list(): Promise<readonly DocumentVersion[]>;
  /**
   * Keeps the document as it is now. Rejects with `too-many` or `too-large` where the versions that have names leave no room.
   * @example
   * ```ts
   * await docs.versions('doc/x').save({ name: 'Sent to the printer', user: 'ada' });
   * ```
   */
  save(options: { readonly name: string; readonly user?: string }): Promise<DocumentVersion>;
  /** Reads a version. The `Y.Doc` is a copy. Rejects with `trimmed` when there is no such version, or no more. */
  read(id: string): Promise<Y.Doc>;
  /**
   * The roots in which two versions differ, by name; `'now'` is the document as it is. It tells which runs of a text were kept, inserted
   * removed, and gained or lost marks, and who wrote them. Rejects as `read`.
   */
  compare(before: string, after: string): Promise<Readonly<Record<string, RootDifference>>>;
  /**
   * Makes the document say what a version says, by an edit of what differs: open editors follow, and it can be undone by restoring a later
   * version. Resolves with false when nothing differs. Rejects as `read` and `edit`.
   */
  restore(id: string, options?: EditOptions): Promise<boolean>;
}

const title: OptionRule = {
  accepts: 'a text of 1 to 200 characters',
  fits: (value) => typeof value === 'string' && value !== '' && value.length <= 200,
};
const saveRules = { name: { ...title, required: true }, user: option.text };

export function createVersions({ server, reader }: Reading<VersionReader>, name: string): DocumentVersions {
  const { documents } = server.engine;
  const read = async (id: string): Promise<readonly Written[]> => [
    { payload: await documents.readVersion(name, id), time: 0 },
  ];
  const messages = async (id: string): Promise<readonly Written[]> =>
    id === 'now' ? (await documents.share(name)).updates : read(id);
  return {
    list: () => documents.versions(name),
    async save(options) {
      checkOptions('save', options, saveRules);
      return documents.saveVersion(name, options);
    },
    read: async (id) => buildDocument(reader, await read(id)),
    compare: async (before, after) => reader.compare(await messages(before), await messages(after)),
    async restore(id, options = {}) {
      checkOptions('restore', options, editRules);
      const model = await messages(id);
      const { updates, bytes } = await documents.share(name);
      const update = await reader.difference(model, updates);
      if (update === undefined) return false;
      await publishUpdate(server, name, update, bytes, options);
      return true;
    },
  };
}
