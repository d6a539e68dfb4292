import type { Line } from './lines.js';
import type { Side } from './limits.js';
import type { Match, MatchDetails, MatchStatus } from './match.js';

export interface Tally {
  readonly status: MatchStatus;
  readonly score: Match['score'];
  readonly cards: Match['cards'];
  readonly stats: MatchDetails['stats'];
}

/** Counts a match from its commentary alone, without the lines that were withdrawn. */
export function tallyOf(lines: Iterable<Line>): Tally {
  const score = { home: 0, away: 0 };
  const cards = { home: { yellow: 0, red: 0 }, away: { yellow: 0, red: 0 } };
  const stats = { home: emptyStats(), away: emptyStats() };
  let status: MatchStatus = 'scheduled';
  const shot = (side: Side, isOnTarget: boolean): void => {
    stats[side].shots++;
    if (isOnTarget) stats[side].onTarget++;
  };
  for (const { happening, withdrawn } of lines) {
    if (withdrawn) continue;
    switch (happening.kind) {
      case 'kick-off':
        status = 'first-half';
        break;
      case 'half-time':
        status = 'half-time';
        break;
      case 'second-half':
        status = 'second-half';
        break;
      case 'full-time':
        status = 'over';
        break;
      case 'goal':
        score[happening.side]++;
        shot(happening.side, true);
        break;
      case 'yellow-card':
        cards[happening.side].yellow++;
        break;
      case 'red-card':
        cards[happening.side].red++;
        break;
      case 'shot-on-target':
        shot(happening.side, true);
        break;
      case 'shot-wide':
        shot(happening.side, false);
        break;
      case 'corner':
        stats[happening.side].corners++;
        break;
      case 'foul':
        stats[happening.side].fouls++;
        break;
      case 'substitution':
      case 'comment':
        break;
    }
  }
  return { status, score, cards, stats };
}

function emptyStats(): { shots: number; onTarget: number; corners: number; fouls: number } {
  return { shots: 0, onTarget: 0, corners: 0, fouls: 0 };
}
