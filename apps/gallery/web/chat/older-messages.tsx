import { type ReactElement, type RefObject, useEffect, useRef } from 'react';
import type { Older } from './room-state.js';

interface OlderMessagesProps {
  readonly older: Older;
  readonly list: RefObject<HTMLDivElement | null>;
  readonly onLoad: () => void;
}

/** Loads the page above when it comes into view; the button is for keyboards, and for after a failure. */
export function OlderMessages({ older, list, onLoad }: OlderMessagesProps): ReactElement | undefined {
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
      return (
        <li className="older">
          {older.isWhole ? 'This is where the room begins.' : 'Older messages are no longer kept.'}
        </li>
      );
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
