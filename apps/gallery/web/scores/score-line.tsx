import type { ReactElement, ReactNode } from 'react';
import { statusWords } from '../../shared/scores/clock.js';
import type { Side } from '../../shared/scores/limits.js';
import type { Match } from '../../shared/scores/match.js';

interface ScoreLineProps {
  readonly match: Match;
  readonly now: number;
  /** In place of the names alone, a link around them. */
  readonly children?: (names: ReactNode) => ReactNode;
}

/** Both teams, the score between them, and the minute. */
export function ScoreLine({ match, now, children = (names) => names }: ScoreLineProps): ReactElement {
  const { home, away, score, status } = match;
  const isLive = status === 'first-half' || status === 'second-half';
  const names = (
    <>
      <span className="team team-home">{home.name}</span>
      <span className="score" data-testid="score">
        {status === 'scheduled' ? '–' : `${score.home}–${score.away}`}
      </span>
      <span className="team team-away">{away.name}</span>
    </>
  );
  return (
    <div className="score-line">
      {children(names)}
      <span className="score-cards score-cards-home">
        <Cards match={match} side="home" />
      </span>
      <span className={isLive ? 'minute minute-live' : 'minute'}>{statusWords(match, now)}</span>
      <span className="score-cards">
        <Cards match={match} side="away" />
      </span>
    </div>
  );
}

function Cards({ match, side }: { readonly match: Match; readonly side: Side }): ReactElement {
  const { yellow, red } = match.cards[side];
  return (
    <>
      {yellow > 0 && <Card color="yellow" count={yellow} />}
      {red > 0 && <Card color="red" count={red} />}
    </>
  );
}

function Card({ color, count }: { readonly color: 'yellow' | 'red'; readonly count: number }): ReactElement {
  return (
    <span className="card-count">
      <span className={`card-mark card-${color}`} aria-hidden="true" />
      <span className="visually-hidden">{color} cards: </span>
      {count}
    </span>
  );
}
