import type { ChannelOf, Client, ConnectionState } from '@longwave/client';
import type { CallInput, CallOutput, Calls, Channels, ClientCalls, ClientHandlers, NameOf } from '@longwave/protocol';
import {
  type ReactElement,
  type ReactNode,
  createContext,
  createElement,
  useCallback,
  useContext,
  useEffect,
  useMemo,
} from 'react';
import { type UseCallOptions, type UseCallResult, useCallOf } from './use-call.js';
import { useConnection } from './use-connection.js';

/** Properties of `LongwaveProvider`. */
export interface LongwaveProviderProps<C extends Channels, K extends Calls, H extends ClientCalls = ClientCalls> {
  /** The client for the components below. The provider does not close it. */
  readonly client: Client<C, K, H>;
  readonly children?: ReactNode;
}

/**
 * The hooks that know an application's contract. All other hooks take a channel from {@link
 * ApplicationHooks.useChannel}.
 */
export interface ApplicationHooks<C extends Channels, K extends Calls, H extends ClientCalls = ClientCalls> {
  /** Gives a client to the components below it. */
  LongwaveProvider(props: LongwaveProviderProps<C, K, H>): ReactElement;
  /** Returns the client of the provider above. Throws `Error` when there is none. */
  useClient(): Client<C, K, H>;
  /**
   * Answers the server's calls while the component is mounted, as `client.handle` does. The handlers of the last render
   * answer.
   * @example
   * ```tsx
   * useHandlers({ confirm: ({ question }) => ask(question) });
   * ```
   */
  useHandlers(handlers: ClientHandlers<H>): void;
  /** Returns the state of the connection, and renders again when it changes. */
  useConnection(): ConnectionState;
  /**
   * Returns the channel of that name, the same object for the same client and name. Throws `unknown-channel` on a name
   * that no channel can have.
   * @example
   * ```tsx
   * const room = useChannel('chat/lobby');
   * const { messages } = useMessages(room);
   * ```
   */
  useChannel<Name extends NameOf<C>>(name: Name): ChannelOf<C, Name>;
  /**
   * Returns a function that calls a method of the server, and shows where the last call stands.
   * @example
   * ```tsx
   * const { call, state, error } = useCall('rename');
   * <button disabled={state === 'pending'} onClick={() => call({ name }).catch(() => undefined)}>Rename</button>
   * ```
   */
  useCall<Method extends keyof K & string>(
    method: Method,
    options?: UseCallOptions,
  ): UseCallResult<CallArguments<CallInput<K, Method>>, CallOutput<K, Method>>;
}

type CallArguments<Input> = undefined extends Input ? [input?: Input] : [input: Input];

/** A client by names alone. */
interface Caller {
  call(method: string, input: unknown, options: UseCallOptions): Promise<unknown>;
}

/**
 * Creates the hooks of an application from the types of its contract. Call it once: a provider serves only the hooks
 * that were created with it.
 * @example
 * ```tsx
 * export const { LongwaveProvider, useChannel, useConnection } = createHooks<typeof channels>();
 *
 * <LongwaveProvider client={connect<typeof channels>(url)}>
 *   <App />
 * </LongwaveProvider>
 * ```
 */
export function createHooks<
  C extends Channels = Channels,
  K extends Calls = Calls,
  H extends ClientCalls = ClientCalls,
>(): ApplicationHooks<C, K, H> {
  const ClientContext = createContext<Client<C, K, H> | undefined>(undefined);

  const useClient = (): Client<C, K, H> => {
    const client = useContext(ClientContext);
    if (!client)
      throw new Error('There is no client here: render the component below <LongwaveProvider client={...}>.');
    return client;
  };
  return {
    LongwaveProvider: ({ client, children }) => createElement(ClientContext.Provider, { value: client }, children),
    useClient,
    useHandlers: (handlers) => {
      const client = useClient();
      useEffect(() => client.handle(handlers));
    },
    useConnection: () => useConnection(useClient()),
    useCall: (method, { timeout } = {}) => {
      const client = useClient() as unknown as Caller;
      const run = useCallback(
        (input?: unknown) => client.call(method, input, timeout === undefined ? {} : { timeout }),
        [client, method, timeout],
      );
      // The types of the contract are promises of the server; at run time there are only names.
      return useCallOf(run) as never;
    },
    useChannel: (name) => {
      const client = useClient();
      return useMemo(() => client.channel(name), [client, name]);
    },
  };
}
