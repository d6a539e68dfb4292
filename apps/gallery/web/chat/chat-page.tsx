import { type ReactElement, useState } from 'react';
import { Link } from 'wouter';
import { isRoomName } from '../../shared/chat.js';
import { useSession } from '../session/session-context.js';
import { useTitle } from '../shell/use-title.js';
import { RoomNav } from './room-nav.js';
import { RoomView } from './room-view.js';

export function ChatPage({ room: name }: { readonly room: string }): ReactElement {
  const session = useSession();
  const [wantsFocus, setWantsFocus] = useState(false);
  const isValid = isRoomName(name);
  useTitle(isValid ? `#${name}` : 'No such room');
  if (!isValid) {
    return (
      <div className="prose">
        <h1>There is no such room</h1>
        <p>A room is named with small letters a to z, digits and single hyphens, up to 40 of them.</p>
        <p>
          <Link href="/chat/lobby">Go to the lobby</Link>
        </p>
      </div>
    );
  }
  return (
    <div className="chat">
      <RoomNav current={name} />
      <RoomView
        key={`${session.name ?? ''}/${name}`}
        name={name}
        room={session.room(name)}
        wantsFocus={wantsFocus}
        onWantFocus={setWantsFocus}
      />
    </div>
  );
}
