import type { ChannelOf, Client, ConnectionState } from '@longwave/client';
import type { Calls, Channels, NameOf } from '@longwave/protocol';
import { type ReactElement, type ReactNode, createContext, createElement, useContext, useMemo } from 'react';
import { useConnection } from './use-connection.js';

export interface LongwaveProviderProps<C extends Channels, K extends Calls> {
  /** Outlives the provider: whoever connected it closes it. */
  readonly client: Client<C, K>;
  readonly children?: ReactNode;
}

/** The hooks that know an application's contract. All others take what {@link ApplicationHooks.useChannel} gives. */
export interface ApplicationHooks<C extends Channels, K extends Calls> {
  /** Gives a client to the components below it. */
  LongwaveProvider(props: LongwaveProviderProps<C, K>): ReactElement;
  /** The client of the provider above. Throws when there is none. */
  useClient(): Client<C, K>;
  /** Where the client stands, and by which transport. */
  useConnection(): ConnectionState;
  /** A channel by its name, the same object for the same client and name. Throws `unknown-channel` on a name that can be none. */
  useChannel<Name extends NameOf<C>>(name: Name): ChannelOf<C, Name>;
}

/** Called once in an application: `createHooks<typeof channels>()`. Providers of different calls do not see each other. */
export function createHooks<C extends Channels = Channels, K extends Calls = Calls>(): ApplicationHooks<C, K> {
  const ClientContext = createContext<Client<C, K> | undefined>(undefined);

  const useClient = (): Client<C, K> => {
    const client = useContext(ClientContext);
    if (!client)
      throw new Error('There is no client here: render the component below <LongwaveProvider client={...}>.');
    return client;
  };
  return {
    LongwaveProvider: ({ client, children }) => createElement(ClientContext.Provider, { value: client }, children),
    useClient,
    useConnection: () => useConnection(useClient()),
    useChannel: (name) => {
      const client = useClient();
      return useMemo(() => client.channel(name), [client, name]);
    },
  };
}
