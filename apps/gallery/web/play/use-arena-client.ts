import { useEffect, useState } from 'react';
import type { Store } from '../lib/store.js';
import { type ArenaClient, connectArena } from './arena-client.js';
import type { Faults } from './delay-line.js';

/** The game's client while the page is shown. */
export function useArenaClient(faults: Store<Faults>): ArenaClient | undefined {
  const [connected, setConnected] = useState<ArenaClient>();
  useEffect(() => {
    const made = connectArena(location.origin, faults.get);
    setConnected(made);
    return () => made.client.close();
  }, [faults]);
  return connected;
}
