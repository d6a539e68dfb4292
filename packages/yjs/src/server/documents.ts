import { type RulesOf, checkOptions, option } from '@longwave/protocol';
import type * as Y from 'yjs';
import type { DocumentServer } from './documents/document-server.js';
import { type EditOptions, editDocument, editRules } from './documents/edit-document.js';
import { type Reading, openDocument } from './documents/open-document.js';
import { ThreadedFormat } from './threads/document-threads.js';
import type { VersionReader } from './versions/version-reader.js';
import { type DocumentVersions, createVersions } from './versions/versions.js';
import { seedDocument } from './documents/seed-document.js';
import { type ChangeTiming, type DocumentChange, watchDocument } from './documents/watch-document.js';

/**
 * The documents of a server, for its application: no rights are asked. All of it rejects with `unknown-channel`, with `wrong-mode` for a
 * channel that is no document, and with `unavailable` when the store cannot be reached: a document that cannot be read is never an empty
 * one.
 */
export interface ServerDocuments {
  /** Reads the document as it is stored now. The `Y.Doc` is a copy: changes of it go nowhere. */
  read(name: string): Promise<Y.Doc>;
  /** Reads it as JSON, by the names of its roots: texts as they read, XML of rich text editors as its source. */
  json(name: string): Promise<Readonly<Record<string, unknown>>>;
  /**
   * Reads the text of a root: of rich text a line for each block, without marks. Default root: the only one that has text. Rejects with
   * `RangeError` where there are several, or where the root has entries.
   */
  text(name: string, root?: string): Promise<string>;
  /**
   * Changes the document: `change` gets a copy, and what it does to it becomes one update, which merges with those that others make
   * meanwhile. Resolves when it is stored, with false if `change` changed nothing. Rejects with what `change` throws, and with
   * `too-large` when the document has no room for it: then nothing is stored.
   * @example
   * ```ts
   * await docs.edit('doc/x', (doc) => doc.getText('body').insert(0, 'Hello'), { user: 'import-bot' });
   * ```
   */
  edit(name: string, change: (doc: Y.Doc) => void, options?: EditOptions): Promise<boolean>;
  /**
   * Gives the document its first content, unless it has some. However many nodes and processes try at once, one is stored: it resolves
   * with true for that one, with false for the others. `fill` gets an empty document, and should fill it in the same way everywhere.
   * @example
   * ```ts
   * await docs.seed('doc/x', (doc) => doc.getText('body').insert(0, '# Untitled'));
   * ```
   */
  seed(name: string, fill: (doc: Y.Doc) => void, options?: EditOptions): Promise<boolean>;
  /**
   * Calls `handler` after the document changed and then rested, whichever node it was changed on: to index it, or to call a webhook. A
   * handler is awaited before the next call. One that fails is logged, and called again after the next change. Each node on which it is
   * called tells of each change. Returns a function that ends it. Throws `TypeError` on an unknown or invalid option.
   * @example
   * ```ts
   * const stop = docs.onChange('doc/x', ({ doc, users }) => index(doc.getText('body').toString(), users), { debounce: '5s' });
   * ```
   */
  onChange(name: string, handler: (change: DocumentChange) => unknown, timing?: ChangeTiming): () => void;
  /** The versions of a document, and how to go back to one. */
  versions(name: string): DocumentVersions;
}

const timingRules: RulesOf<ChangeTiming> = { debounce: option.duration(0), atLatest: option.duration(0) };

/**
 * The documents of a server. One object serves all of them; it keeps nothing open.
 * @example
 * ```ts
 * const docs = documents(server);
 * console.log(await docs.text('doc/x', 'body'));
 * ```
 */
export function documents(server: DocumentServer): ServerDocuments {
  /** Asked for each time: the server of a test world is another one after a crash. */
  const reading = (): Reading<VersionReader> => {
    const { format } = server.engine.documents;
    if (format instanceof ThreadedFormat) return { server, reader: format };
    throw new TypeError(
      'documents: the server has no documents of Yjs: give it `documents: yjs()`, of longwave/yjs/server.',
    );
  };
  const updates = async (name: string) => (await server.engine.documents.share(name)).updates;
  return {
    read: async (name) => (await openDocument(reading(), name)).doc,
    json: async (name) => reading().reader.json(await updates(name)),
    text: async (name, root) => reading().reader.text(await updates(name), { root }),
    async edit(name, change, options = {}) {
      checkOptions('edit', { change }, { change: { ...option.callback, required: true } });
      checkOptions('edit', options, editRules);
      return editDocument(reading(), name, change, options);
    },
    async seed(name, fill, options = {}) {
      checkOptions('seed', { fill }, { fill: { ...option.callback, required: true } });
      checkOptions('seed', options, editRules);
      return seedDocument(reading(), name, fill, options);
    },
    onChange(name, handler, timing = {}) {
      checkOptions('onChange', { handler }, { handler: { ...option.callback, required: true } });
      checkOptions('onChange', timing, timingRules);
      return watchDocument(reading(), name, handler, timing);
    },
    versions: (name) => createVersions(reading(), name),
  };
}
