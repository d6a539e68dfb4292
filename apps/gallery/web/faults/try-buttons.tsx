import type { ReactElement } from 'react';
import { useStore } from '../lib/store.js';
import { useSession } from '../session/session-context.js';

/** Harm to try: what other pages only promise to survive. */
export function TryButtons(): ReactElement {
  const { incidents, cable } = useSession();
  const { incident, canKill } = useStore(incidents.store);
  const isCut = useStore(cable.state).cutAt !== undefined;
  const isDying = incident?.kind === 'kill' && incident.phase === 'away';
  return (
    <>
      <a className="button" href={location.pathname} target="_blank" rel="noopener">
        Open a second tab
      </a>
      <button type="button" className="button" onClick={isCut ? incidents.mend : incidents.cut}>
        {isCut ? 'Mend the network' : 'Cut the network'}
      </button>
      {canKill !== false && (
        <button
          type="button"
          className="button"
          disabled={canKill === undefined || isCut || isDying}
          onClick={incidents.kill}
        >
          Kill the server
        </button>
      )}
    </>
  );
}
