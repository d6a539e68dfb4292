/** Some of the messages of a document, end to end in one buffer. */
export interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lengths: readonly number[];
  readonly users: readonly (string | undefined)[];
  /** Nothing follows: the thread answers. */
  readonly isLast: boolean;
}

export type FromCompactor = { readonly done: Uint8Array<ArrayBuffer> } | { readonly failed: string };
