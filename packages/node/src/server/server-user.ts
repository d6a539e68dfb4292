import type {
  ClientCallOptions,
  ClientReplies,
  DisconnectOptions,
  Engine,
  Reached,
  ServerPublishOptions,
  ServerRedactOptions,
  UserConnections,
} from '@longwave/core';
import type { ClientCallInput, ClientCallOutput, ClientCalls, Position, Published } from '@longwave/protocol';

type ClientCallArguments<Input> = undefined extends Input
  ? [input?: Input, options?: ClientCallOptions]
  : [input: Input, options?: ClientCallOptions];

/** A user as the server sees them. */
export interface ServerUser<In, H extends ClientCalls = ClientCalls> {
  /** Publishes to the user's inbox (CH-4). Rejects with `unknown-channel` when the contract defines no `@me`. */
  publish(data: In, options?: ServerPublishOptions): Promise<Published>;
  /**
   * Takes the data of a message in the user's inbox for good; its place stays, and clients that have it are told (RED-8). Without `epoch`
   * the inbox that there is now is meant. Rejects with `unknown-channel` when the contract defines no `@me`, with `wrong-mode` when it is
   * not `redactable`, `trimmed` or `epoch-changed`.
   * @example
   * ```ts
   * const { position } = await server.user('ada').publish({ code: '1234' });
   * await server.user('ada').redact(position, { reason: 'used' });
   * ```
   */
  redact(message: Partial<Position> & Pick<Position, 'offset'>, options?: ServerRedactOptions): Promise<Published>;
  /**
   * Ends every connection of the user, on all nodes. Rejects with `unavailable` when only this node could be reached.
   */
  disconnect(options?: DisconnectOptions): Promise<Reached>;
  /**
   * The user's connections to all nodes, oldest first: each with the id that hooks and calls see, its node, when it was accepted, its
   * transport and the address it comes from. Rejects with `unavailable` when the other nodes cannot be asked.
   *
   * @example
   * ```ts
   * const { connections } = await server.user('ada').connections();
   * for (const { id } of connections.slice(0, -1)) await server.user('ada').disconnect({ connection: id });
   * ```
   */
  connections(): Promise<UserConnections>;
  /**
   * Checks the user's rights again, on all nodes; subscriptions without a right end with `revoked`. Rejects as
   * `disconnect`.
   */
  recheck(): Promise<Reached>;
  /**
   * Calls all connections of the user, on all nodes (CALL-3), and resolves with the reply of each, or why there is none. Each is
   * called at most once; none is called again. For a user without a connection there are no replies. Rejects with
   * `unknown-method`, with `invalid-data` and `too-large` for the input, and with `unavailable` when the other nodes cannot be asked.
   * `timeout` is that of a call, by default 30 s.
   * @example
   * ```ts
   * const { replies } = await server.user('ada').call('confirm', { question: 'Delete it?' }, { timeout: '1m' });
   * const agreed = replies.some(({ output }) => output === true);
   * ```
   */
  call<Method extends keyof H & string>(
    method: Method,
    ...args: ClientCallArguments<ClientCallInput<H, Method>>
  ): Promise<ClientReplies<ClientCallOutput<H, Method>>>;
}

/** A connection as the server sees it. */
export interface ServerConnection<H extends ClientCalls = ClientCalls> {
  /**
   * Calls the client of this connection and resolves with its reply (CALL-3), over whichever transport and node. Called at most once,
   * and never again: after a failure the client may have done what it was asked. Rejects with `timeout` after `timeout`, by default
   * 30 s; with `unavailable` when the connection is gone or ends meanwhile; with `rate-limited` while 64 calls wait for the client;
   * with `unknown-method` where server or client does not know the method; with `invalid-data` where the input or the reply does not
   * fit the contract, `too-large`, or with the code that the client's handler throws.
   *
   * Over HTTP each request is a connection: its id leads to the client for a minute after it was answered, on the same node.
   * @example
   * ```ts
   * const agreed = await server.connection(id).call('confirm', { question: 'Delete it?' }, { timeout: '1m' });
   * ```
   */
  call<Method extends keyof H & string>(
    method: Method,
    ...args: ClientCallArguments<ClientCallInput<H, Method>>
  ): Promise<ClientCallOutput<H, Method>>;
}

export function createServerUser<In, H extends ClientCalls>(engine: Engine, user: string): ServerUser<In, H> {
  return {
    publish: (data, options) => engine.publishToUser(user, data, options),
    redact: (message, options) => engine.redactions.redactForUser(user, message, options),
    disconnect: (options) => engine.disconnectUser(user, options),
    connections: () => engine.connectionsOf(user),
    recheck: () => engine.recheckUser(user),
    // The schemas of the contract make it true.
    call: (method, ...[input, options]) =>
      engine.clientCalls.user(user, method, input, options) as Promise<ClientReplies<never>>,
  };
}

export function createServerConnection<H extends ClientCalls>(engine: Engine, id: string): ServerConnection<H> {
  return {
    call: (method, ...[input, options]) => engine.clientCalls.connection(id, method, input, options) as Promise<never>,
  };
}
