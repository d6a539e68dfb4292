import { type ReactElement, useEffect, useRef, useState } from 'react';
import type { StoredMessage } from './room-state.js';

/** Reads new messages of others to those who listen, one at a time; history above is left alone. */
export function Announcer({
  last,
  user,
}: {
  readonly last: StoredMessage | undefined;
  readonly user: string | undefined;
}): ReactElement {
  const [spoken, setSpoken] = useState('');
  const previous = useRef(last?.key);

  useEffect(() => {
    const isNew = previous.current !== undefined && last !== undefined && last.key !== previous.current;
    previous.current = last?.key;
    if (isNew && last.user !== user && last.text !== undefined) {
      setSpoken(`${last.user ?? 'somebody'}: ${last.text.slice(0, 300)}`);
    }
  }, [last, user]);

  return (
    <div className="visually-hidden" aria-live="polite">
      {spoken}
    </div>
  );
}
