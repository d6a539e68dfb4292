import { type KeyboardEvent, type ReactElement, useRef, useState } from 'react';
import { type Fence, fenceById } from '../../shared/fleet/fences.js';
import type { SeenEvent } from './fleet.js';

const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

interface EventListProps {
  readonly events: readonly SeenEvent[];
  readonly onVehicle: (key: string) => void;
  readonly onFence: (fence: Fence) => void;
}

/**
 * The vehicles that crossed a fence: a log, of which a newcomer gets the last fifty. The list stands still while somebody uses it:
 * nothing moves away under a pointer or the keyboard. It is one stop of the tab key, and arrow keys go on from there.
 */
export function EventList({ events, onVehicle, onFence }: EventListProps): ReactElement {
  const list = useRef<HTMLOListElement>(null);
  const [held, setHeld] = useState<readonly SeenEvent[]>();
  const [stop, setStop] = useState<string>();
  const shown = held ?? events;
  const missed = held ? events.findIndex(({ id }) => id === held[0]?.id) : 0;
  const news = missed < 0 ? events.length : missed;

  const hold = (): void => setHeld((before) => before ?? events);
  const release = (): void => {
    if (list.current?.matches(':hover, :focus-within')) return;
    setHeld(undefined);
    setStop(undefined);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const next = nextStop(event.key, at, buttons.length);
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    buttons[next]?.focus();
  };
  /** The first button is where the tab key stops, until another one had the focus. */
  const buttonProps = (id: string, isFirst: boolean) => ({
    type: 'button' as const,
    className: 'link-button',
    tabIndex: id === stop || (stop === undefined && isFirst) ? 0 : -1,
    onFocus: () => setStop(id),
  });

  return (
    <section className="panel" aria-labelledby="events-title">
      <div className="panel-head">
        <h2 id="events-title">Fences crossed</h2>
        {shown.length > 0 && (
          <span className="quiet">{news > 0 ? `held, ${news} more since` : `the last ${shown.length}`}</span>
        )}
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its buttons are what is used */}
      <ol
        ref={list}
        className="fleet-events"
        data-testid="events"
        onFocus={hold}
        onPointerEnter={hold}
        onBlur={() => requestAnimationFrame(release)}
        onPointerLeave={release}
        onKeyDown={onKeyDown}
      >
        {shown.length === 0 && <li className="empty">Nobody has crossed one yet.</li>}
        {shown.map((event, index) => {
          const fence = fenceById(event.fence);
          return (
            // By its place: the words of a row change, and no row moves.
            <li key={index} data-testid="event" data-id={event.id}>
              <time dateTime={new Date(event.time).toISOString()}>{clock.format(event.time)}</time>
              <span>
                <button {...buttonProps(event.id, index === 0)} onClick={() => onVehicle(event.vehicle)}>
                  {event.vehicle}
                </button>{' '}
                {event.crossing === 'enter' ? 'came to' : 'left'}{' '}
                {fence && (
                  <button {...buttonProps(`${event.id}/fence`, false)} onClick={() => onFence(fence)}>
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

function nextStop(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return Math.min(at + 1, count - 1);
    case 'ArrowUp':
    case 'ArrowLeft':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
