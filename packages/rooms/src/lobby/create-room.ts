/** A room that is made by `rooms.create`. */
export interface CreateRoom {
  /** Parameters of the pattern. Those that are left out are made up. */
  readonly params?: Readonly<Record<string, string>>;
  /** JSON of at most 4 KiB, which its `create` gets. */
  readonly options?: unknown;
  /** It is in no list, and what is made up of its name is a code of six letters and digits, to be told to friends. Default false. */
  readonly isPrivate?: boolean;
}
