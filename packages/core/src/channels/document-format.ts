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
  /** When versions are made by themselves. Default: never, only those that are asked for. */
  readonly versions?: VersionRhythm;
  /** Default: 100 versions, 64 MiB. */
  readonly versionBounds?: VersionBounds;
  /** Ends what it keeps running. */
  close?(): void | Promise<void>;
}

/** A version is made by itself when a document rested, or when so many updates came after the last version. */
export interface VersionRhythm {
  readonly idleMs: number;
  readonly updates: number;
}

/** The most that the versions of one document may be. The oldest that were made by themselves go first. */
export interface VersionBounds {
  readonly count: number;
  readonly bytes: number;
}

/** A version of a document: its state at an offset. */
export interface DocumentVersion {
  /** A number, higher than those of older versions of the document. */
  readonly id: string;
  /** The name that somebody gave it. Without one, the version was made by itself. */
  readonly name?: string | undefined;
  /** The user who asked for it. */
  readonly user?: string | undefined;
  /** When it was stored, in milliseconds since the Unix epoch. */
  readonly time: number;
  /** The log that it is of, and the newest update that it has. */
  readonly epoch: string;
  readonly offset: number;
  readonly bytes: number;
}

/** A document as it is stored: no part of it is missing. */
export interface DocumentContent {
  readonly epoch: string;
  /** The offset of its newest update, 0 where there is none. */
  readonly offset: number;
  /** In their order. */
  readonly updates: readonly DocumentUpdate[];
  /** Bytes of all updates. */
  readonly bytes: number;
}

/** How much the store keeps of a document, versions apart. */
export interface DocumentSize {
  /** All that is read to open it. */
  readonly bytes: number;
  /** The part of that which the last compaction made; 0 where there was none yet. */
  readonly snapshotBytes: number;
  /** Updates since then, each stored by itself. */
  readonly updates: number;
}
