import type { Match } from '../../shared/scores/match.js';

export function scoreWords({ home, away, score }: Pick<Match, 'home' | 'away' | 'score'>): string {
  return `${home.name} ${score.home}–${score.away} ${away.name}`;
}

/** Returns the announcement of a change of a match, or undefined when it is not worth a word. */
export function announcementOf(before: Match, after: Match): string | undefined {
  const goals = (['home', 'away'] as const).map((side) => after.score[side] - before.score[side]);
  if (goals.some((count) => count < 0)) return `Corrected: ${scoreWords(after)}.`;
  if (goals.some((count) => count > 0)) return `Goal. ${scoreWords(after)}.`;
  const hasRedCard = (['home', 'away'] as const).some((side) => after.cards[side].red > before.cards[side].red);
  if (hasRedCard) return `Red card. ${scoreWords(after)}.`;
  if (after.status === before.status) return undefined;
  if (after.status === 'half-time') return `Half-time. ${scoreWords(after)}.`;
  if (after.status === 'over') return `Full time. ${scoreWords(after)}.`;
  return undefined;
}
