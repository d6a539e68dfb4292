import type { ConnectionState } from 'longwave/client';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Session, Sessions } from './session.js';

const SessionsContext = createContext<Sessions | undefined>(undefined);

export const SessionsProvider = SessionsContext.Provider;

export function useSessions(): Sessions {
  const sessions = useContext(SessionsContext);
  if (!sessions) throw new Error('useSessions needs a SessionsProvider above it.');
  return sessions;
}

export function useSession(): Session {
  const sessions = useSessions();
  return useSyncExternalStore(sessions.subscribe, sessions.get);
}

/** The state of the page's one Longwave client, as the client itself tells it. */
export function useConnection(): ConnectionState {
  const { client } = useSession();
  return useSyncExternalStore(
    (listener) => client.onState(listener),
    () => client.state,
  );
}
