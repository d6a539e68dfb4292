import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { useStore } from '../lib/store.js';
import { useSession } from '../session/session-context.js';
import { AgeNote, useLiveNow } from '../shell/age-note.js';
import { useTitle } from '../shell/use-title.js';
import '../styles/scores.css';
import { type Board, createBoard } from './board.js';
import { NewsPanel } from './news-panel.js';
import { ScoreLine } from './score-line.js';
import { useOpened } from '../lib/use-opened.js';

export function ScoresPage(): ReactElement {
  useTitle('Scores');
  const { client } = useSession();
  const board = useOpened(createBoard, { client });
  return (
    <div className="scores">
      <header className="page-head">
        <h1>Scores</h1>
        <p>
          A round of a league, live. Clubs and players are invented, and a match takes about four minutes: a director on
          the server plays it from a fixed seed, while somebody watches. One match is left to{' '}
          <Link href="/scores/desk">the desk</Link>, where you can enter what happens, and correct it.
        </p>
      </header>
      <AgeNote />
      <Panels board={board} />
    </div>
  );
}

/** The news come with the board, which would push them away a moment later. */
function Panels({ board }: { readonly board: Board }): ReactElement {
  const { status } = useStore(board.store);
  return (
    <div className="scores-columns">
      <Scoreboard board={board} />
      {status !== 'loading' && <NewsPanel />}
    </div>
  );
}

function Scoreboard({ board }: { readonly board: Board }): ReactElement {
  const { status, endedBecause, entries, fresh, announcement } = useStore(board.store);
  const now = useLiveNow();
  return (
    <section className="panel" aria-labelledby="board-title">
      <div className="panel-head">
        <h2 id="board-title">Scoreboard</h2>
      </div>
      {status === 'loading' && <p className="empty">Loading.</p>}
      {status === 'ended' && (
        <p className="problem" role="alert">
          {endedBecause}
        </p>
      )}
      <ul className="score-board">
        {entries.map(({ id, match }) => (
          <li
            key={id}
            className={fresh.has(id) ? 'board-match board-match-fresh' : 'board-match'}
            data-testid={`match ${id}`}
          >
            <ScoreLine match={match} now={now}>
              {(names) => (
                <Link href={`/scores/${id}`} className="score-names">
                  {names}
                </Link>
              )}
            </ScoreLine>
            {match.byHand && <p className="quiet board-note">Entered by hand at the desk</p>}
          </li>
        ))}
      </ul>
      <div className="visually-hidden" aria-live="polite" data-testid="announcement">
        {announcement}
      </div>
    </section>
  );
}
