import { LongwaveError } from '@longwave/protocol';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { type Binding, bind } from '../client/bind.js';
import type { DocumentChannel } from '../client/document-channel.js';
import type { DocumentStatus } from '../client/document-status.js';
import { PerClient } from '../client/per-client.js';

/** A document as a component shows it. */
export interface UseDocumentResult {
  /** The same for all components that show the document, as long as one of them is mounted. Their editor is the first to fill it. */
  readonly doc: Y.Doc;
  /** Cursors and names of those who have it open, for the bindings of editors. */
  readonly awareness: Awareness;
  readonly status: DocumentStatus;
}

/** The status of a document that is not bound yet. */
export const unopened: DocumentStatus = { state: 'opening', synced: false, unsaved: 0, error: undefined };

/** A render that is thrown away leaves a document that nobody mounts. */
const abandonedMs = 30_000;

/** A document that components show: bound while one of them is mounted. */
export class SharedDocument {
  readonly #channel: DocumentChannel;
  readonly #drop: () => void;
  readonly #listeners = new Set<() => void>();
  readonly #abandoned: ReturnType<typeof setTimeout>;
  #binding: Binding | undefined;
  #shown: UseDocumentResult;
  isClosed = false;

  constructor(channel: DocumentChannel, drop: () => void) {
    this.#channel = channel;
    this.#drop = drop;
    const doc = new Y.Doc();
    this.#shown = { doc, awareness: new Awareness(doc), status: unopened };
    this.#abandoned = setTimeout(() => this.#closeIfUnused(), abandonedMs);
  }

  /** The same object until something of it changes. */
  get shown(): UseDocumentResult {
    return this.#shown;
  }

  /** It outlives a listener that comes back at once, as with Strict Mode's second mount. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    clearTimeout(this.#abandoned);
    if (!this.#binding) this.#bind();
    return () => {
      this.#listeners.delete(listener);
      queueMicrotask(() => this.#closeIfUnused());
    };
  }

  #bind(): void {
    const { doc, awareness } = this.#shown;
    try {
      this.#binding = bind(this.#channel, doc, { awareness });
      this.#binding.on('status', (status) => this.#show(status));
      this.#show(this.#binding.status);
    } catch (error) {
      // The client is closed.
      if (!(error instanceof LongwaveError)) throw error;
      this.#show({ ...unopened, state: 'ended', error });
    }
  }

  #show(status: DocumentStatus): void {
    if (status === this.#shown.status) return;
    this.#shown = { ...this.#shown, status };
    for (const listener of [...this.#listeners]) listener();
  }

  #closeIfUnused(): void {
    if (this.isClosed || this.#listeners.size > 0) return;
    this.isClosed = true;
    clearTimeout(this.#abandoned);
    this.#drop();
    // Changes that are not saved still go.
    this.#binding?.unsubscribe();
    this.#shown.awareness.destroy();
    this.#shown.doc.destroy();
  }
}

const documents = new PerClient<SharedDocument>();

export function sharedDocumentOf(channel: DocumentChannel): SharedDocument {
  return documents.get(channel, (drop) => new SharedDocument(channel, drop));
}
