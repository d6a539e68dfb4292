import type { ReactElement } from 'react';
import { useConnection, useSession } from '../session/session-context.js';
import { useSecondsUntil } from '../session/use-seconds-until.js';

/** Shows the client's own report on its connection, and nothing more hopeful than that. */
export function ConnectionBadge(): ReactElement {
  const { client } = useSession();
  const state = useConnection();
  const seconds = useSecondsUntil(state.status === 'waiting' ? state.retryAt : undefined);

  switch (state.status) {
    case 'connecting':
      return (
        <Badge tone="busy" spoken="Connecting">
          {state.attempt > 1 ? `Connecting, attempt ${state.attempt}` : 'Connecting'}
        </Badge>
      );
    case 'connected':
      if (state.offline) {
        return (
          <Badge tone="busy" spoken="This device is offline.">
            Device offline
          </Badge>
        );
      }
      return (
        <Badge tone="good" spoken="Connected">
          Connected
          <span className="badge-detail" title={`Node ${state.node}`}>
            {' '}
            via {state.transport}
          </span>
        </Badge>
      );
    case 'waiting':
      return (
        <Badge tone="bad" spoken={`Offline. ${state.error?.message ?? ''}`}>
          Offline<span className="badge-detail">{seconds > 0 ? `, retry in ${seconds} s` : ', retrying'}</span>
          <button type="button" className="badge-action" onClick={() => client.reconnect()}>
            Retry now
          </button>
        </Badge>
      );
    case 'closed':
      return (
        <Badge tone="bad" spoken={`Closed. ${state.error?.message ?? ''}`}>
          Closed<span className="badge-detail">{state.error ? `: ${state.error.message}` : ''}</span>
        </Badge>
      );
  }
}

interface BadgeProps {
  readonly tone: 'good' | 'busy' | 'bad';
  /** Announced when it changes; the countdown beside it is not. */
  readonly spoken: string;
  readonly children: React.ReactNode;
}

function Badge({ tone, spoken, children }: BadgeProps): ReactElement {
  return (
    <div className={`badge badge-${tone}`} data-testid="connection">
      <span className="badge-dot" aria-hidden="true" />
      <span className="badge-text">{children}</span>
      <output className="visually-hidden">{spoken}</output>
    </div>
  );
}
