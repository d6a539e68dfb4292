import { type ReactElement, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useRoom } from 'longwave/rooms/react';
import { Link, Redirect, useSearch } from 'wouter';
import { arena } from '../../shared/arena/arena.js';
import { arenaRules } from '../../shared/arena/rules.js';
import { isRoomName } from '../../shared/chat.js';
import { createSaved } from '../lib/saved.js';
import { createStore, useStore } from '../lib/store.js';
import { useAway } from '../lib/use-away.js';
import { useLeaveWithPage } from '../rooms/use-leave-with-page.js';
import { useSession } from '../session/session-context.js';
import { useTitle } from '../shell/use-title.js';
import type { ArenaClient } from './arena-client.js';
import { Controls } from './controls.js';
import { noFaults } from './delay-line.js';
import type { Game } from './game.js';
import { HowTo } from './how-to.js';
import { JoinForm } from '../rooms/join-form.js';
import { NetPanel } from './net-panel.js';
import { keepName, proposeName } from '../rooms/player-name.js';
import { Stage } from './stage.js';
import { useArenaClient } from './use-arena-client.js';
import { useKeys } from './use-keys.js';
import '../styles/rooms.css';
import '../styles/play.css';

const rules = arenaRules();
/** A hidden page leaves the room after so long: nobody is to hunt a ship that nobody flies. */
const awayMs = 20_000;

export function PlayPage({ id }: { readonly id: string | undefined }): ReactElement {
  if (id === undefined) return <Redirect to="/play/main" replace />;
  return isRoomName(id) ? <Arena key={id} id={id} /> : <NoArena />;
}

function Arena({ id }: { readonly id: string }): ReactElement {
  useTitle(id === 'main' ? 'Arena' : `Arena ${id}`);
  const session = useSession();
  const asksToPlay = new URLSearchParams(useSearch()).has('play');
  const [saved] = useState(() => createSaved(() => localStorage));
  const [proposed] = useState(() => proposeName(saved, session.name));
  const [name, setName] = useState(asksToPlay ? proposed : undefined);
  const [faults] = useState(() => createStore(noFaults));
  const [controls] = useState(() => new Controls());
  const [game, setGame] = useState<Game>();
  const frame = useRef<HTMLDivElement>(null);
  const connected = useArenaClient(faults);
  const status = useStatus(connected);
  const isAway = useAway(awayMs);
  const channel = useMemo(() => connected?.client.channel(`arena/${id}`), [connected, id]);
  // #region teach:play-client
  const { room, error } = useRoom(isAway ? undefined : channel, arena, {
    ...(name !== undefined && { player: { name } }),
    own: 'ship',
    predict: rules,
    onEvent: (event) => game?.hear(event),
  });
  // #endregion
  const traffic = useCallback(() => {
    const { contentDown = 0, framingDown = 0, contentUp = 0, framingUp = 0 } = connected?.traffic ?? {};
    return { down: contentDown + framingDown, up: contentUp + framingUp };
  }, [connected]);
  const isPlaying = name !== undefined;
  useKeys(controls, isPlaying);
  useEffect(() => {
    if (!isPlaying) return;
    frame.current?.focus({ preventScroll: true });
    // On a phone there is room for little else.
    frame.current?.scrollIntoView({ block: 'nearest' });
  }, [isPlaying]);
  useLeaveWithPage(room);

  const join = (chosen: string): void => {
    keepName(saved, chosen);
    setName(chosen);
  };

  return (
    <div className="play">
      <header className="play-head">
        <h1>Arena{id === 'main' ? '' : ` ${id}`}</h1>
        <p className="play-status" role="status" data-testid="play-status">
          {error ? error.message : words(status, room !== undefined, isAway)}
        </p>
        <div className="play-tools">
          {isPlaying && (
            <button type="button" className="button" onClick={() => setName(undefined)}>
              Leave
            </button>
          )}
          <FullScreen frame={frame} />
        </div>
      </header>
      <Stage {...{ frame, room, game, controls, traffic, isPlaying }} onGame={setGame} isStale={status !== 'connected'}>
        {!isPlaying && (
          <JoinForm name={proposed} title="Collect sparks, dodge beams" button="Play" onJoin={join}>
            <p className="quiet">
              A round takes three minutes. Bots fill the arena until people come. <Link href="/lobby">All rooms</Link>
            </p>
          </JoinForm>
        )}
        {isPlaying && game && <FullNote game={game} />}
      </Stage>
      <NetPanel faults={faults} room={room} game={game} />
      <HowTo />
    </div>
  );
}

function FullNote({ game }: { readonly game: Game }): ReactElement | undefined {
  const { rows, shield } = useStore(game.store);
  if (rows.length === 0 || shield !== undefined) return undefined;
  return <p className="stage-note">The arena is full: you watch until somebody leaves.</p>;
}

function useStatus(connected: ArenaClient | undefined): string {
  return useSyncExternalStore(
    useCallback((listener: () => void) => connected?.client.onState(listener) ?? (() => undefined), [connected]),
    () => connected?.client.state.status ?? 'connecting',
  );
}

function words(status: string, isThere: boolean, isAway: boolean): string {
  if (isAway) return 'You were away: you come in again.';
  switch (status) {
    case 'connected':
      return isThere ? 'Live' : 'Entering';
    case 'connecting':
      return 'Connecting';
    case 'waiting':
      return 'Offline. The picture stands still, and goes on with the connection.';
    default:
      return 'Closed';
  }
}

function FullScreen({ frame }: { readonly frame: React.RefObject<HTMLDivElement | null> }): ReactElement | undefined {
  // Some phones have none.
  if (!document.fullscreenEnabled) return undefined;
  return (
    <button
      type="button"
      className="icon-button"
      aria-label="Full screen"
      title="Full screen"
      onClick={() => void frame.current?.requestFullscreen().catch(() => undefined)}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5" />
      </svg>
    </button>
  );
}

function NoArena(): ReactElement {
  useTitle('No such arena');
  return (
    <div className="prose">
      <h1>There is no such arena</h1>
      <p>An arena is named with small letters a to z, digits and single hyphens, up to 40 of them.</p>
      <p>
        <Link href="/play/main">Go to the main arena</Link>
      </p>
    </div>
  );
}
