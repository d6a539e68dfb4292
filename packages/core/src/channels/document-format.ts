/** An update of a document, as it was stored. */
export interface DocumentUpdate {
  readonly payload: Uint8Array;
  /** The user who made it. */
  readonly user?: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
}

/** The part of the server that knows what the updates of a document mean. */
export interface DocumentFormat {
  /** Throws `LongwaveError` `invalid-data` for what is no update: it would fail every reader. */
  check(payload: Uint8Array): void;
  /**
   * Returns one update that says all that these say, in their order. MUST NOT hold up the event loop: it may be many megabytes of
   * work.
   */
  compact(updates: readonly DocumentUpdate[]): Uint8Array | Promise<Uint8Array>;
  /** Ends what it keeps running. */
  close?(): void | Promise<void>;
}

/** A document as it is stored: no part of it is missing. */
export interface DocumentContent {
  readonly epoch: string;
  /** Of its newest update, 0 where there is none. */
  readonly offset: number;
  /** In their order. */
  readonly updates: readonly DocumentUpdate[];
  /** Bytes of all updates. */
  readonly bytes: number;
}
