import type { ReactElement } from 'react';
import { type Fence, fenceById } from '../../shared/fleet/fences.js';
import type { SeenEvent } from './fleet.js';

const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

interface EventListProps {
  readonly events: readonly SeenEvent[];
  readonly onVehicle: (key: string) => void;
  readonly onFence: (fence: Fence) => void;
}

/** Who crossed a fence, as the server saw it: a log, of which a newcomer gets the last fifty. */
export function EventList({ events, onVehicle, onFence }: EventListProps): ReactElement {
  return (
    <section className="panel" aria-labelledby="events-title">
      <div className="panel-head">
        <h2 id="events-title">Fences crossed</h2>
        {events.length > 0 && <span className="quiet">the last {events.length}</span>}
      </div>
      <ol className="fleet-events" data-testid="events">
        {events.length === 0 && <li className="empty">Nobody has crossed one yet.</li>}
        {events.map((event) => {
          const fence = fenceById(event.fence);
          return (
            <li key={event.id} data-testid="event" data-id={event.id}>
              <time dateTime={new Date(event.time).toISOString()}>{clock.format(event.time)}</time>
              <span>
                <button type="button" className="link-button" onClick={() => onVehicle(event.vehicle)}>
                  {event.vehicle}
                </button>{' '}
                {event.crossing === 'enter' ? 'came to' : 'left'}{' '}
                {fence && (
                  <button type="button" className="link-button" onClick={() => onFence(fence)}>
                    {fence.name}
                  </button>
                )}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
