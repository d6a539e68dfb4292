import type { Match, MatchDetails } from '../../shared/scores/match.js';
import { createRandom, pick, wholeBetween } from '../random.js';

// An invented league: no such place, club or player is meant.
const clubs = [
  ['Ardenmoor Athletic', 'ARD'],
  ['Bellwick Rovers', 'BEL'],
  ['Calder Haven', 'CAL'],
  ['Dunmarrow City', 'DUN'],
  ['Eastmere United', 'EAS'],
  ['Farrowgate', 'FAR'],
  ['Glenholt Wanderers', 'GLE'],
  ['Harrowby Town', 'HAR'],
  ['Inverlake', 'INV'],
  ['Kestrel Bay', 'KES'],
  ['Lorne Albion', 'LOR'],
  ['Marlstone', 'MAR'],
] as const;
const grounds = ['Mill Lane', 'Harbour Park', 'The Orchard', 'Station Road', 'Kings Meadow', 'Riverside'] as const;
const firstNames = ['Ada', 'Bo', 'Cleo', 'Dara', 'Emi', 'Finn', 'Gus', 'Hana', 'Ivo', 'Jude', 'Kai', 'Lena'] as const;
const lastNames = [
  'Abara',
  'Brandt',
  'Castell',
  'Dovar',
  'Ekholm',
  'Ferrant',
  'Gorran',
  'Hale',
  'Ibarra',
  'Jansk',
  'Korr',
  'Lindqvar',
  'Moreau',
  'Nkemi',
  'Orlov',
  'Pell',
] as const;

const squadSize = 16;
export const startersCount = 11;
/** The last match of a round: what happens in it is left to the operators. */
const matchByHand = clubs.length / 2;

export interface Fixture {
  readonly id: string;
  readonly match: Match;
  readonly details: MatchDetails;
}

/** The matches of a round, from 1 on: each club plays once, and everybody else before the same again. The same for the same seed. */
export function fixturesOf(
  round: number,
  { seed, minuteMs }: { readonly seed: number; readonly minuteMs: number },
): Fixture[] {
  const [fixed, ...others] = clubs;
  const shift = (round - 1) % others.length;
  const circle = [fixed, ...others.slice(shift), ...others.slice(0, shift)];
  return Array.from({ length: clubs.length / 2 }, (_, index) => {
    const pair = [circle[index] ?? fixed, circle[circle.length - 1 - index] ?? fixed] as const;
    const [home, away] = round % 2 === 0 ? [pair[1], pair[0]] : pair;
    const random = createRandom(seed * 1009 + round * 31 + index);
    const name = (): string => `${pick(random, firstNames)} ${pick(random, lastNames)}`;
    return {
      id: `${round}-${index + 1}`,
      match: {
        home: { name: home[0], short: home[1] },
        away: { name: away[0], short: away[1] },
        status: 'scheduled',
        clock: { minute: 0, since: 0, running: false, minuteMs },
        score: { home: 0, away: 0 },
        cards: { home: { yellow: 0, red: 0 }, away: { yellow: 0, red: 0 } },
        byHand: index + 1 === matchByHand,
      },
      details: {
        venue: `${pick(random, grounds)}, ${home[0].split(' ')[0]}`,
        referee: name(),
        lineUps: { home: squad(random), away: squad(random) },
        stats: {
          home: { shots: 0, onTarget: 0, corners: 0, fouls: 0 },
          away: { shots: 0, onTarget: 0, corners: 0, fouls: 0 },
        },
      },
    };
  });
}

/** Players with names of their own; the first eleven begin. */
function squad(random: () => number): MatchDetails['lineUps']['home'] {
  const rest = [...lastNames];
  return Array.from({ length: squadSize }, (_, index) => {
    const [lastName = ''] = rest.splice(wholeBetween(random, 0, rest.length - 1), 1);
    return { number: index + 1, name: `${pick(random, firstNames)} ${lastName}` };
  });
}
