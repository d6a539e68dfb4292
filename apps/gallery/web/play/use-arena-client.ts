import { useEffect, useState } from 'react';
import { useSession } from '../session/session-context.js';
import type { Store } from '../lib/store.js';
import { type ArenaClient, connectArena } from './arena-client.js';
import type { Faults } from './delay-line.js';

/** The game's client while the page is shown. */
export function useArenaClient(faults: Store<Faults>): ArenaClient | undefined {
  const { wire } = useSession();
  const [connected, setConnected] = useState<ArenaClient>();
  useEffect(() => {
    const made = connectArena({ url: location.origin, faults: faults.get, wire });
    setConnected(made);
    return () => made.client.close();
  }, [faults, wire]);
  return connected;
}
