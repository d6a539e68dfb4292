import type { ReactElement } from 'react';
import { useStore } from '../lib/store.js';
import { useSession } from '../session/session-context.js';
import { incidentWords, resumedWords } from './words.js';

/** Tells what a visitor has done to the page or its server, and how it came back. */
export function IncidentBar(): ReactElement | undefined {
  const { incidents } = useSession();
  const { incident, problem } = useStore(incidents.store);
  if (!incident && problem === undefined) return undefined;
  const tone = problem !== undefined ? 'bad' : incident?.phase === 'back' ? 'good' : 'busy';
  return (
    <section className={`incident incident-${tone}`} aria-label="What was tried" data-testid="incident">
      <output>{problem ?? (incident && incidentWords(incident))}</output>
      {incident?.kind === 'cut' && incident.phase === 'away' && (
        <button type="button" className="button" onClick={incidents.mend}>
          Mend it
        </button>
      )}
      {(incident?.phase === 'back' || problem !== undefined) && (
        <button type="button" className="link-button" onClick={incidents.dismiss}>
          Dismiss
        </button>
      )}
      {incident && incident.resumed.length > 0 && (
        <details>
          <summary>Channel by channel</summary>
          <dl>
            {incident.resumed.map((resumed) => (
              <div key={resumed.channel}>
                <dt>{resumed.channel}</dt>
                <dd>{resumedWords(resumed)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}
