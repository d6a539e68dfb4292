import type { ReactElement } from 'react';
import { useConnection } from '../session/session-context.js';
import type { Outgoing } from './room-state.js';
import type { Room } from './room.js';

/** A message of ours that is not in the log yet, and what is known of it. */
interface OutgoingItemProps {
  readonly outgoing: Outgoing;
  readonly room: Room;
  /** Stands below another one. */
  readonly isContinued: boolean;
}

export function OutgoingItem({ outgoing, room, isContinued }: OutgoingItemProps): ReactElement {
  const isConnected = useConnection().status === 'connected';
  const { fate } = outgoing;
  return (
    <li
      className={`message message-own message-${fate.status}${isContinued ? ' message-continued' : ''}`}
      data-testid="outgoing"
    >
      <p className="visually-hidden">You</p>
      <div className="bubble">
        <p className="message-text" dir="auto">
          {outgoing.text}
        </p>
        <p className="message-meta">
          {fate.status === 'sending' && (isConnected ? 'sending…' : 'waiting for the connection')}
          {fate.status === 'stored' && `stored at #${fate.offset}`}
          {fate.status === 'failed' && (
            <span className="message-failure">
              not stored: {fate.message} <code>{fate.code}</code>
            </span>
          )}
        </p>
        {fate.status === 'failed' && (
          <p className="message-actions">
            {fate.canRetry && (
              <button type="button" className="link-button" onClick={() => room.retry(outgoing.id)}>
                Try again
              </button>
            )}
            <button type="button" className="link-button" onClick={() => room.discard(outgoing.id)}>
              Discard
            </button>
          </p>
        )}
      </div>
    </li>
  );
}
