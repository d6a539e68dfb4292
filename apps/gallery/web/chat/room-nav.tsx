import { type ReactElement, useCallback, useEffect, useMemo } from 'react';
import { NameNav } from '../lib/name-nav.js';
import { createSaved } from '../lib/saved.js';
import { useStore } from '../lib/store.js';
import { useSession } from '../session/session-context.js';
import { keepRoom, listRooms } from './rooms.js';

export function RoomNav({ current }: { readonly current: string }): ReactElement {
  const saved = useMemo(() => createSaved(() => localStorage), []);
  // Kept in place once listed, so that links do not jump under the pointer.
  useEffect(() => keepRoom(saved, current), [saved, current]);

  const { unread } = useSession();
  const counts = useStore(unread.store);
  const rooms = listRooms(saved, current);
  const watched = rooms.join(' ');
  useEffect(() => unread.watch(watched.split(' ')), [unread, watched]);

  const show = useCallback(
    (room: string) => (
      <>
        <span aria-hidden="true">#</span>
        {room}
        <UnreadBadge count={counts.get(room) ?? 0} />
      </>
    ),
    [counts],
  );
  return <NameNav area="chat" noun="room" names={rooms} current={current} show={show} more="Other" />;
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
