import { call } from '@longwave/client';
import { type LongwaveError, checkOptions, option } from '@longwave/protocol';

/** How a document and the server stand to each other. */
export interface DocumentStatus {
  /**
   * - `opening`: the document is on its way.
   * - `live`: changes come and go.
   * - `offline`: there is no connection. The document can be edited all the same.
   * - `ended`: by `unsubscribe()`, with the client, or by the server, for the reason in `error`.
   */
  readonly state: 'opening' | 'live' | 'offline' | 'ended';
  /** The document was loaded: what the server had is in the `Y.Doc`. It stays true. */
  readonly synced: boolean;
  /** Changes made here that are not stored yet. At 0 it is safe to close the page. */
  readonly unsaved: number;
  /**
   * Why unsaved changes are refused, such as `forbidden` or `too-large`; why it ended; or `unauthenticated` while the client has no token
   * that the server takes. The changes are kept, and tried again.
   */
  readonly error: LongwaveError | undefined;
}

/** Tells a status to whoever listens: once a turn, when it is another one. */
export class StatusTeller {
  readonly #read: () => DocumentStatus;
  readonly #reportError: (error: unknown) => void;
  readonly #listeners = new Set<(status: DocumentStatus) => void>();
  #last: DocumentStatus;
  #told: DocumentStatus;
  #planned = false;

  constructor(read: () => DocumentStatus, reportError: (error: unknown) => void) {
    this.#read = read;
    this.#reportError = reportError;
    this.#last = this.#told = read();
  }

  /** The same object until something of it changes. */
  get status(): DocumentStatus {
    const next = this.#read();
    const { state, synced, unsaved, error } = this.#last;
    const isSame = next.state === state && next.synced === synced && next.unsaved === unsaved && next.error === error;
    return isSame ? this.#last : (this.#last = next);
  }

  add(listener: (status: DocumentStatus) => void): () => void {
    checkOptions('on', { listener }, { listener: { ...option.callback, required: true } });
    const entry = (status: DocumentStatus): void => listener(status);
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  /** Something may have changed. */
  readonly changed = (): void => {
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      this.#tell();
    });
  };

  /** Nobody is told of anything any more. */
  stop(): void {
    this.#listeners.clear();
  }

  #tell(): void {
    const { status } = this;
    if (status === this.#told) return;
    this.#told = status;
    for (const listener of [...this.#listeners]) call({ reportError: this.#reportError }, listener, status);
  }
}
