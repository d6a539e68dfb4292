import { useRoom } from 'longwave/rooms/react';
import { type ReactElement, useMemo, useState } from 'react';
import { Link, Redirect, useSearch } from 'wouter';
import { isRoomName } from '../../shared/chat.js';
import { sides } from '../../shared/four/board.js';
import { four } from '../../shared/four/four.js';
import { createSaved } from '../lib/saved.js';
import { JoinForm } from '../rooms/join-form.js';
import { keepName, proposeName } from '../rooms/player-name.js';
import { useLeaveWithPage } from '../rooms/use-leave-with-page.js';
import { useSession } from '../session/session-context.js';
import { AgeNote } from '../shell/age-note.js';
import { useTitle } from '../shell/use-title.js';
import { Board } from './board.js';
import { type FourView, statusWords } from './four-view.js';
import { type FourRoom, type Shown, useFour } from './use-four.js';
import '../styles/rooms.css';
import '../styles/four.css';

export function FourPage({ id }: { readonly id: string | undefined }): ReactElement {
  if (id === undefined) return <Redirect to="/lobby" replace />;
  return isRoomName(id) ? <Four key={id} id={id} /> : <NoTable />;
}

function Four({ id }: { readonly id: string }): ReactElement {
  useTitle(`Four in a row, ${id}`);
  const { client, name: chatName } = useSession();
  const asksToPlay = new URLSearchParams(useSearch()).has('play');
  const [saved] = useState(() => createSaved(() => localStorage));
  const [proposed] = useState(() => proposeName(saved, chatName));
  const [name, setName] = useState(asksToPlay ? proposed : undefined);
  // #region teach:four-client
  const channel = useMemo(() => client.channel(`four/${id}`), [client, id]);
  const { room, error } = useRoom(channel, four, { ...(name !== undefined && { player: { name } }), own: 'seat' });
  // #endregion
  useLeaveWithPage(room);
  const shown = useFour(room);

  const sit = (chosen: string): void => {
    keepName(saved, chosen);
    setName(chosen);
  };
  return (
    <div className="four">
      <header className="play-head">
        <h1>Four in a row</h1>
        <p className="quiet">
          Table {id}. <Link href="/lobby">All rooms</Link>
        </p>
      </header>
      <AgeNote />
      {error && (
        <p className="problem" role="alert">
          {error.message}
        </p>
      )}
      <div className="four-columns">
        <Table shown={shown} room={room} />
        <div className="four-side">
          <Seat
            shown={shown}
            room={room}
            wants={name !== undefined}
            proposed={proposed}
            onSit={sit}
            onLeave={() => setName(undefined)}
          />
          <Seats shown={shown} />
          <section className="panel" aria-labelledby="four-how">
            <h2 id="four-how">How it is played</h2>
            <p className="quiet">
              Drop discs in turn. Four of one side in a row, up, along or aslant, win. Press 1 to 7 on the board, or go
              along it by arrow keys. A room need not be a shooter: this one is stepped ten times a second, and
              everybody else watches.
            </p>
          </section>
        </div>
      </div>
    </div>
  );
}

const empty: FourView = {
  board: Array.from({ length: 7 }, () => []),
  ...{ last: undefined, seats: [], state: 'waiting', turn: 'red', winner: 0 },
};

function Table({
  shown,
  room,
}: {
  readonly shown: Shown | undefined;
  readonly room: FourRoom | undefined;
}): ReactElement {
  const { view = empty, player } = shown ?? {};
  const mine = view.seats.find(({ id }) => id === player);
  const mayDrop = mine !== undefined && view.state === 'playing' && view.turn === mine.side;
  const last = view.last && view.seats.find(({ side }) => side === view.last?.side);
  const moved = view.last && last && last.id !== player ? `${last.name} drops in column ${view.last.column + 1}. ` : '';
  return (
    <section className="panel four-table" aria-labelledby="four-state">
      <p id="four-state" className="four-status" data-testid="four-status" data-state={view.state}>
        {shown ? statusWords(view, player) : 'Opening the table'}
      </p>
      <div className="visually-hidden" aria-live="polite">
        {shown && moved + statusWords(view, player)}
      </div>
      <Board view={view} mayDrop={mayDrop} onDrop={(column) => room?.input('drop', { column })} />
    </section>
  );
}

function Seats({ shown }: { readonly shown: Shown | undefined }): ReactElement {
  const { view = empty, player } = shown ?? {};
  return (
    <section className="panel" aria-labelledby="four-seats">
      <h2 id="four-seats">Seats</h2>
      <ul className="four-seats">
        {sides.map((side) => {
          const seat = view.seats.find((each) => each.side === side);
          const isOn = view.state === 'playing' && view.turn === side;
          return (
            <li key={side} data-testid={`seat ${side}`} data-turn={isOn}>
              <span className={`four-disc four-${side}`} aria-hidden="true" />
              <span>
                {seat ? seat.name : 'free'}
                {seat?.id === player && player !== undefined && ' (you)'}
                <span className="visually-hidden">, {side}</span>
              </span>
              {seat && <span className="quiet">{seat.wins === 1 ? '1 win' : `${seat.wins} wins`}</span>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

interface SeatProps {
  readonly shown: Shown | undefined;
  readonly room: FourRoom | undefined;
  /** A seat was asked for. */
  readonly wants: boolean;
  readonly proposed: string;
  readonly onSit: (name: string) => void;
  readonly onLeave: () => void;
}

/** The next thing to do: sit down, wait, play again, get up. */
function Seat({ shown, room, wants, proposed, onSit, onLeave }: SeatProps): ReactElement {
  const { view = empty, player } = shown ?? {};
  const isSeated = view.seats.some(({ id }) => id === player);
  const isOver = view.state === 'won' || view.state === 'draw';
  if (!wants) {
    return (
      <JoinForm
        name={proposed}
        title={view.seats.length < 2 ? 'Take a seat' : 'You watch'}
        button="Play"
        onJoin={onSit}
      >
        {view.seats.length === 2 && <p className="quiet">Both seats are taken. You get the next that is free.</p>}
      </JoinForm>
    );
  }
  return (
    <div className="panel four-acts">
      {!isSeated && shown && <p className="quiet">Both seats are taken: you watch until one is free.</p>}
      {isSeated && view.seats.length === 1 && (
        <p className="quiet">
          Send this address to somebody, or open it in another tab:{' '}
          <span className="four-address">{location.host + location.pathname}</span>
        </p>
      )}
      {isSeated && isOver && (
        <button type="button" className="button button-primary" onClick={() => room?.input('again', {})}>
          Play again
        </button>
      )}
      <button type="button" className="button" onClick={onLeave}>
        {isSeated ? 'Leave the seat' : 'Only watch'}
      </button>
    </div>
  );
}

function NoTable(): ReactElement {
  useTitle('No such table');
  return (
    <div className="prose">
      <h1>There is no such table</h1>
      <p>A table is named with small letters a to z, digits and single hyphens, up to 40 of them.</p>
      <p>
        <Link href="/lobby">Go to the lobby</Link>
      </p>
    </div>
  );
}
