import { useState } from 'react';
import { rooms } from '../shared/rooms.js';
import { useConnection } from './realtime.js';
import { Room } from './room.js';

export function Chat({ me, onSignOut }: { readonly me: string; readonly onSignOut: () => void }) {
  const [room, setRoom] = useState<string>(rooms[0]);
  const connection = useConnection();
  // For some seconds after the network went only the browser knows.
  const isAway = connection.status !== 'connected' || connection.offline === true;
  return (
    <main className="chat">
      <header>
        {rooms.map((name) => (
          <button key={name} aria-pressed={name === room} onClick={() => setRoom(name)}>
            {name}
          </button>
        ))}
        <span>{me}</span>
        <button onClick={onSignOut}>Sign out</button>
      </header>
      {isAway && <p role="status">Perhaps offline. What you write is sent later.</p>}
      <Room key={room} name={room} me={me} />
    </main>
  );
}
