import type { ConnectionState } from 'longwave/client';
import type { ReactElement } from 'react';
import { useConnection, useSession } from '../session/session-context.js';

const timeFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** The state that the whole page shares, field by field. */
export function ConnectionCard(): ReactElement {
  const state = useConnection();
  const { client } = useSession();
  return (
    <section className="panel" aria-labelledby="connection-title">
      <div className="panel-head">
        <h2 id="connection-title">This connection</h2>
        {state.status === 'waiting' && (
          <button type="button" className="button" onClick={() => client.reconnect()}>
            Retry now
          </button>
        )}
      </div>
      <dl className="facts">
        {facts(state).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">One client serves all examples on this page. Stop the server and watch it come back.</p>
    </section>
  );
}

function facts(state: ConnectionState): [string, string][] {
  switch (state.status) {
    case 'connecting':
      return [
        ['State', 'connecting'],
        ['Attempt', String(state.attempt)],
      ];
    case 'connected':
      return [
        ['State', 'connected'],
        ['Node', state.node],
        ['Transport', state.transport],
        ['Since', timeFormat.format(state.since)],
        ['User', state.user ?? 'a guest without a name'],
      ];
    case 'waiting':
      return [
        ['State', 'offline, waiting to retry'],
        ['Attempt', String(state.attempt)],
        ['Next at', timeFormat.format(state.retryAt)],
        ['Why', state.error ? `${state.error.code}: ${state.error.message}` : 'the connection ended'],
      ];
    case 'closed':
      return [
        ['State', 'closed'],
        ['Why', state.error ? `${state.error.code}: ${state.error.message}` : 'closed by this page'],
      ];
  }
}
