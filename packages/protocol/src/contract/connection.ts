/** Facts about the request that opened a connection. */
export interface ConnectionInfo {
  readonly transport: string;
  /** Address of the peer. It may be looked up on first use, and is undefined if the peer has gone by then. */
  readonly remoteAddress?: string | undefined;
  /**
   * Headers of the request. Any may be absent or hostile. They are present while the connection is made, and empty
   * later, at a refresh and in hooks: keep the parts that you need in `claims`.
   */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Texts that the client gave beside its token, its own choice like the token (SES-17). Undefined: it gave none. */
  readonly params?: Readonly<Record<string, string>> | undefined;
  /** Returns the facts that are kept for as long as the connection lasts. Default: a copy. */
  withoutHeaders?(): ConnectionInfo;
  /** Returns the same facts with the parameters of `connect`. Default: a copy. */
  withParams?(params: Readonly<Record<string, string>>): ConnectionInfo;
}

/** A connection, as hooks, `authorize` and calls see it. */
export interface ConnectionContext<Claims = unknown> {
  readonly connection: {
    /** Names the connection, among those of all nodes. Over HTTP requests each request is a connection of its own. */
    readonly id: string;
  };
  /** The authenticated user, if any. */
  readonly user: string | undefined;
  /** The claims that `authenticate` returned, if any. */
  readonly claims: Claims | undefined;
  readonly info: ConnectionInfo;
}
