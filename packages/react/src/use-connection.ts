import type { Client, ConnectionState } from '@longwave/client';
import { useCallback, useSyncExternalStore } from 'react';

const connecting: ConnectionState = { status: 'connecting', attempt: 1 };

/** Returns the state of `client`, and renders again when it changes. A server renders it as connecting. */
export function useConnection(client: Pick<Client, 'state' | 'onState'>): ConnectionState {
  const subscribe = useCallback((listener: () => void) => client.onState(listener), [client]);
  return useSyncExternalStore(
    subscribe,
    () => client.state,
    () => connecting,
  );
}
