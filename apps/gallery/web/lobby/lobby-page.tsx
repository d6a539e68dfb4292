import { useMap } from 'longwave/react';
import { type FormEvent, type ReactElement, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { cleanRoom, maxRoomLength } from '../../shared/chat.js';
import type { GameName, OpenRoom } from '../../shared/rooms/open-room.js';
import { randomHex } from '../lib/random-hex.js';
import { useSession } from '../session/session-context.js';
import { AgeNote } from '../shell/age-note.js';
import { useTitle } from '../shell/use-title.js';
import { type Listed, listRooms, pathOf, stateWords, titles, waitingTable } from './listed.js';
import '../styles/rooms.css';
import '../styles/lobby.css';

const filters = [
  [undefined, 'All'],
  ['arena', titles.arena],
  ['four', titles.four],
] as const;

export function LobbyPage(): ReactElement {
  // #region teach:lobby-client
  useTitle('Lobby');
  const { client } = useSession();
  const channel = useMemo(() => client.channel('lobby'), [client]);
  const { entries, state, error } = useMap<OpenRoom>(channel);
  const [only, setOnly] = useState<GameName>();
  const rooms = listRooms(entries, only);
  // #endregion
  return (
    <div className="lobby">
      <header className="page-head">
        <h1>Lobby</h1>
        <p>Rooms of two games, as they open, fill and end. Anybody may open one, join one or watch.</p>
      </header>
      <AgeNote />
      <div className="lobby-columns">
        <Quick entries={entries} />
        <section className="panel lobby-rooms" aria-labelledby="rooms-title">
          <div className="panel-head">
            <h2 id="rooms-title">Rooms</h2>
            <div className="segments" role="group" aria-label="Which games">
              {filters.map(([game, title]) => (
                <button key={title} type="button" aria-pressed={only === game} onClick={() => setOnly(game)}>
                  {title}
                </button>
              ))}
            </div>
          </div>
          {error && (
            <p className="problem" role="alert">
              {error.message}
            </p>
          )}
          <p className="quiet" role="status">
            {state === 'pending' ? 'Asking for the rooms' : countWords(entries.size)}
          </p>
          <ul data-testid="rooms">{state !== 'pending' && rooms.map((room) => <Row key={room.path} room={room} />)}</ul>
        </section>
        <Create />
      </div>
    </div>
  );
}

function Row({ room }: { readonly room: Listed }): ReactElement {
  const { game, id, path, players, of } = room;
  const name = `${titles[game]} ${id}`;
  return (
    <li className="lobby-room" data-testid={`room ${path}`} data-state={room.state}>
      <div>
        <h3>
          {id} <span className="quiet">{titles[game]}</span>
        </h3>
        <p className="quiet">{`${players} of ${of} players, ${stateWords(room)}`}</p>
        {room.about !== undefined && <p className="quiet">{room.about}</p>}
      </div>
      <div className="lobby-acts">
        {room.state !== 'full' && (
          <Link href={`${path}?play`} className="button button-primary" aria-label={`Play in ${name}`}>
            Play
          </Link>
        )}
        <Link href={path} className="button" aria-label={`Watch ${name}`}>
          Watch
        </Link>
      </div>
    </li>
  );
}

function Quick({ entries }: { readonly entries: ReadonlyMap<string, OpenRoom> }): ReactElement {
  const [, navigate] = useLocation();
  const waiting = waitingTable(entries);
  return (
    <section className="panel lobby-quick" aria-labelledby="quick-title">
      <h2 id="quick-title">Play at once</h2>
      <p className="quiet">
        {waiting === undefined
          ? 'Nobody waits for a second player now: you get a table of your own.'
          : 'Somebody waits for a second player.'}
      </p>
      <div className="lobby-acts">
        <button
          type="button"
          className="button button-primary"
          onClick={() => navigate(`${waiting ?? pathOf('four', `table-${randomHex(2)}`)}?play`)}
        >
          Four in a row
        </button>
        <Link href="/play/main?play" className="button">
          Main arena
        </Link>
      </div>
    </section>
  );
}

function Create(): ReactElement {
  const [, navigate] = useLocation();
  const [game, setGame] = useState<GameName>('arena');
  const [text, setText] = useState('');
  const [hasBots, setBots] = useState(true);
  const [problem, setProblem] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const id = cleanRoom(game === 'arena' && !hasBots ? `duel-${text}` : text);
    if (id === undefined || cleanRoom(text) === undefined) setProblem(true);
    else navigate(`${pathOf(game, id)}?play`);
  };
  return (
    <section className="panel lobby-create" aria-labelledby="create-title">
      <h2 id="create-title">Open a room</h2>
      <form className="lobby-form" onSubmit={submit} noValidate>
        <fieldset>
          <legend className="quiet">Game</legend>
          {(['arena', 'four'] as const).map((each) => (
            <label key={each}>
              <input type="radio" name="game" checked={game === each} onChange={() => setGame(each)} /> {titles[each]}
            </label>
          ))}
        </fieldset>
        <label className="lobby-bots" data-off={game === 'four'}>
          <input
            type="checkbox"
            checked={hasBots && game === 'arena'}
            disabled={game === 'four'}
            onChange={({ target }) => setBots(target.checked)}
          />{' '}
          with bots
        </label>
        <label>
          <span className="quiet">Name of the room</span>
          <input
            value={text}
            // Room for the prefix of one without bots.
            maxLength={maxRoomLength - 5}
            autoComplete="off"
            autoCapitalize="none"
            aria-invalid={problem}
            onChange={(event) => (setText(event.target.value), setProblem(false))}
          />
        </label>
        {problem && (
          <p className="problem" role="alert">
            Letters a to z and digits, please.
          </p>
        )}
        <button type="submit" className="button">
          Open
        </button>
      </form>
    </section>
  );
}

function countWords(count: number): string {
  if (count === 0) return 'No room is open now.';
  return count === 1 ? 'One room is open.' : `${count} rooms are open.`;
}
