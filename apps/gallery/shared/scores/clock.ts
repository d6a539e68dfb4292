import type { Match, MatchClock } from './match.js';

/** The minute of the match at `now` (milliseconds since the Unix epoch). */
function minuteAt(clock: MatchClock, now: number): number {
  if (!clock.running) return clock.minute;
  return clock.minute + Math.floor(Math.max(0, now - clock.since) / clock.minuteMs);
}

/** The minute as it is said: 45+2 for what is added to a half. */
export function minuteWords(minute: number, added: number): string {
  return added > 0 ? `${minute}+${added}'` : `${minute}'`;
}

/** Returns the words beside the score at `now`. */
export function statusWords({ status, clock }: Pick<Match, 'status' | 'clock'>, now: number): string {
  switch (status) {
    case 'scheduled':
      return 'Soon';
    case 'half-time':
      return 'Half-time';
    case 'over':
      return 'Full time';
    case 'first-half':
    case 'second-half': {
      const { minute, added } = momentAt({ status, clock }, now);
      return minuteWords(minute, added);
    }
  }
}

/** The minute, and what of it is added time. Minutes count from 1: what happens in the first seconds is in minute 1. */
export function momentAt(
  { status, clock }: Pick<Match, 'status' | 'clock'>,
  now: number,
): { readonly minute: number; readonly added: number } {
  const minute = minuteAt(clock, now);
  switch (status) {
    case 'scheduled':
      return { minute: 0, added: 0 };
    case 'first-half':
    case 'half-time':
      return { minute: Math.min(45, minute), added: Math.max(0, minute - 45) };
    case 'second-half':
    case 'over':
      return { minute: Math.min(90, minute), added: Math.max(0, minute - 90) };
  }
}
