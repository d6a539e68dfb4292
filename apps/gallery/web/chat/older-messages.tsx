import { type ReactElement, type RefObject, useEffect, useRef } from 'react';
import type { Older } from './room-state.js';

interface OlderMessagesProps {
  readonly older: Older;
  readonly isAfterBreak: boolean;
  readonly list: RefObject<HTMLDivElement | null>;
  readonly onLoad: () => void;
}

/** Loads the page above when it comes into view; the button is for keyboards, and for after a failure. */
export function OlderMessages({ older, isAfterBreak, list, onLoad }: OlderMessagesProps): ReactElement | undefined {
  const marker = useRef<HTMLLIElement>(null);
  const isReady = older.status === 'more' && older.error === undefined;

  useEffect(() => {
    if (!isReady || !marker.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) onLoad();
      },
      { root: list.current, rootMargin: '160px 0px 0px' },
    );
    observer.observe(marker.current);
    return () => observer.disconnect();
  }, [isReady, list, onLoad]);

  switch (older.status) {
    case 'unknown':
      return undefined;
    case 'loading':
      return <li className="older">Loading older messages…</li>;
    case 'end':
      return <li className="older">{describeEnd(older.isWhole, isAfterBreak)}</li>;
    case 'more':
      return (
        <li className="older" ref={marker}>
          {older.error !== undefined && <span className="message-failure">{older.error} </span>}
          <button type="button" className="link-button" onClick={onLoad}>
            Load older messages
          </button>
        </li>
      );
  }
}

function describeEnd(isWhole: boolean, isAfterBreak: boolean): string {
  if (!isWhole) return 'Older messages are no longer kept.';
  return isAfterBreak ? 'Here the new log begins.' : 'This is where the room begins.';
}
