import { type FormEvent, type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { cleanRoom, maxRoomLength } from '../../shared/chat.js';
import { createSaved } from '../lib/saved.js';
import { useStore } from '../lib/store.js';
import { useSession } from '../session/session-context.js';
import { keepRoom, listRooms } from './rooms.js';

export function RoomNav({ current }: { readonly current: string }): ReactElement {
  const saved = useMemo(() => createSaved(() => localStorage), []);
  const [, navigate] = useLocation();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState(false);
  // Only a phone hides the form.
  const [isOpen, setOpen] = useState(false);

  // Kept in place once listed, so that links do not jump under the pointer.
  useEffect(() => keepRoom(saved, current), [saved, current]);

  const { unread } = useSession();
  const counts = useStore(unread.store);
  const rooms = listRooms(saved, current);
  const watched = rooms.join(' ');
  useEffect(() => unread.watch(watched.split(' ')), [unread, watched]);

  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const room = cleanRoom(text);
    if (room === undefined) {
      setProblem(true);
      return;
    }
    setText('');
    setOpen(false);
    navigate(`/chat/${room}`);
  };

  return (
    <nav className="rooms" aria-label="Rooms">
      <ul ref={list}>
        {rooms.map((room) => (
          <li key={room}>
            <Link href={`/chat/${room}`} aria-current={room === current ? 'page' : undefined}>
              <span aria-hidden="true">#</span>
              {room}
              <UnreadBadge count={counts.get(room) ?? 0} />
            </Link>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="link-button room-toggle"
        aria-expanded={isOpen}
        aria-controls="room-form"
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? 'Close' : 'Other'}
      </button>
      <form id="room-form" onSubmit={submit} className="room-form" data-open={isOpen}>
        <label className="visually-hidden" htmlFor="new-room">
          Open a room by name
        </label>
        <input
          id="new-room"
          value={text}
          placeholder="Another room"
          maxLength={maxRoomLength}
          autoComplete="off"
          autoCapitalize="none"
          aria-invalid={problem}
          onChange={(event) => (setText(event.target.value), setProblem(false))}
        />
        <button type="submit" className="button" disabled={text.trim() === ''}>
          Open
        </button>
        {problem && (
          <p className="problem" role="alert">
            Letters a to z and digits, please.
          </p>
        )}
      </form>
    </nav>
  );
}

function UnreadBadge({ count }: { readonly count: number }): ReactElement | undefined {
  if (count === 0) return undefined;
  return (
    <strong className="unread" data-testid="unread">
      {count > 99 ? '99+' : count}
      <span className="visually-hidden"> unread</span>
    </strong>
  );
}
