import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { matchIdPattern, sides } from '../../shared/scores/limits.js';
import type { Match, MatchDetails } from '../../shared/scores/match.js';
import { NotFoundPage } from '../home/not-found-page.js';
import { useStore } from '../lib/store.js';
import { useSession } from '../session/session-context.js';
import { AgeNote, useLiveNow } from '../shell/age-note.js';
import { useTitle } from '../shell/use-title.js';
import '../styles/scores.css';
import { createBoard } from './board.js';
import { CommentaryList } from './commentary-list.js';
import { createMatchFeed } from './match-feed.js';
import { ScoreLine } from './score-line.js';
import { useOpened } from '../lib/use-opened.js';

export function MatchPage({ id }: { readonly id: string }): ReactElement {
  return matchIdPattern.test(id) ? <MatchView id={id} /> : <NotFoundPage />;
}

function MatchView({ id }: { readonly id: string }): ReactElement {
  const { client } = useSession();
  const board = useStore(useOpened(createBoard, { client, only: id }).store);
  const feed = useStore(useOpened(createMatchFeed, { client, id }).store);
  const now = useLiveNow();
  const match = board.entries[0]?.match;
  useTitle(match ? `${match.home.name} – ${match.away.name}` : 'Match');
  return (
    <div className="scores">
      <p>
        <Link href="/scores">All matches</Link>
      </p>
      <AgeNote />
      <header className={board.fresh.has(id) ? 'panel match-head match-head-fresh' : 'panel match-head'}>
        {match ? (
          <>
            <h1 className="visually-hidden">
              {match.home.name} against {match.away.name}
            </h1>
            <ScoreLine match={match} now={now}>
              {(names) => <span className="score-names">{names}</span>}
            </ScoreLine>
          </>
        ) : (
          <h1>{board.status === 'loading' ? 'Loading' : 'This match is no longer on the board'}</h1>
        )}
        {feed.details && (
          <p className="quiet">
            {feed.details.venue}. Referee: {feed.details.referee}
          </p>
        )}
      </header>
      <div className="visually-hidden" aria-live="polite" data-testid="announcement">
        {board.announcement}
      </div>
      <div className="scores-columns">
        <section className="panel" aria-labelledby="commentary-title">
          <div className="panel-head">
            <h2 id="commentary-title">Commentary</h2>
            {match && <Link href={`/scores/desk?match=${id}`}>Enter or correct</Link>}
          </div>
          {feed.lost !== undefined && (
            <p className="problem" role="alert">
              Some of the commentary was lost on the way ({feed.lost}); what follows is what the server still has.
            </p>
          )}
          <CommentaryList lines={feed.lines} />
        </section>
        {match && feed.details && <Details match={match} details={feed.details} />}
      </div>
    </div>
  );
}

const statNames = [
  ['shots', 'Shots'],
  ['onTarget', 'On target'],
  ['corners', 'Corners'],
  ['fouls', 'Fouls'],
] as const;

function Details({ match, details }: { readonly match: Match; readonly details: MatchDetails }): ReactElement {
  return (
    <section className="panel" aria-labelledby="stats-title">
      <div className="panel-head">
        <h2 id="stats-title">Figures and line-ups</h2>
      </div>
      <table className="stats" data-testid="stats">
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col">{match.home.short}</th>
            <th scope="col">{match.away.short}</th>
          </tr>
        </thead>
        <tbody>
          {statNames.map(([stat, name]) => (
            <tr key={stat}>
              <th scope="row">{name}</th>
              <td>{details.stats.home[stat]}</td>
              <td>{details.stats.away[stat]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="line-ups">
        {sides.map((side) => (
          <div key={side}>
            <h3>{match[side].name}</h3>
            <ol>
              {details.lineUps[side].map(({ number, name }) => (
                <li key={number}>
                  <span className="quiet">{number}</span> {name}
                </li>
              ))}
            </ol>
          </div>
        ))}
      </div>
    </section>
  );
}
