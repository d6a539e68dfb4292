import type { Happening } from '../../shared/scores/commentary.js';
import { type Side, sides } from '../../shared/scores/limits.js';
import type { Match, MatchDetails } from '../../shared/scores/match.js';
import { startersCount } from './league.js';
import { createRandom, pick, wholeBetween } from '../random.js';

/** An event of a match, and its time: in minutes since its kick-off, the break included. */
export interface Scene {
  readonly at: number;
  readonly happening: Happening;
}

const breakMinutes = 8;

interface ScriptOptions {
  readonly seed: number;
  readonly match: Pick<Match, 'home' | 'away' | 'byHand'>;
  readonly lineUps: MatchDetails['lineUps'];
}

/** A whole match from a seed, in the order in which it happens. For a match that is played by hand, only its time. */
export function scriptMatch({ seed, match, lineUps }: ScriptOptions): readonly Scene[] {
  const random = createRandom(seed);
  const added = [wholeBetween(random, 1, 4), wholeBetween(random, 2, 6)] as const;
  const names = `${match.home.name} and ${match.away.name}`;
  const restart = 45 + added[0] + breakMinutes;
  const whistles: Scene[] = [
    { at: 0, happening: { kind: 'kick-off', minute: 1, added: 0, text: `Kick-off: ${names} are under way.` } },
    {
      at: 45 + added[0],
      happening: { kind: 'half-time', minute: 45, added: added[0], text: 'The referee blows for half-time.' },
    },
    { at: restart, happening: { kind: 'second-half', minute: 46, added: 0, text: 'The second half has begun.' } },
    {
      at: restart + 45 + added[1],
      happening: { kind: 'full-time', minute: 90, added: added[1], text: 'It is over: full time.' },
    },
  ];
  if (match.byHand) return whistles;

  const plays: Scene[] = [];
  const cast = createCast(random, match, lineUps);
  for (const [half, from] of [0, restart].entries()) {
    const length = 45 + (added[half] ?? 0);
    for (let at = 0.8 + 2 * random(); at < length - 0.2; at += 0.6 + 4.4 * random()) {
      const minute = Math.floor(at) + 1;
      plays.push({
        at: from + at,
        happening: cast({ minute: half * 45 + Math.min(45, minute), added: Math.max(0, minute - 45) }, half === 1),
      });
    }
  }
  return [...whistles, ...plays].toSorted((a, b) => a.at - b.at);
}

type Moment = Pick<Happening, 'minute' | 'added'>;

/** Finds what happens next, and who does it: nobody who was sent off or taken off does anything more. */
function createCast(
  random: () => number,
  match: ScriptOptions['match'],
  lineUps: ScriptOptions['lineUps'],
): (moment: Moment, isSecondHalf: boolean) => Happening {
  const onPitch = {
    home: players(lineUps.home.slice(0, startersCount)),
    away: players(lineUps.away.slice(0, startersCount)),
  };
  const bench = { home: players(lineUps.home.slice(startersCount)), away: players(lineUps.away.slice(startersCount)) };
  const booked = new Set<string>();
  /** Not the goalkeeper: that is number 1, and stands first. */
  const someone = (side: Side): string => {
    const [keeper = '', ...field] = onPitch[side];
    return field.length === 0 ? keeper : pick(random, field as [string, ...string[]]);
  };
  const takeOff = (side: Side, player: string): void => {
    onPitch[side] = onPitch[side].filter((name) => name !== player);
  };

  return (moment, isSecondHalf) => {
    const side = pick(random, sides);
    const team = match[side].name;
    const player = someone(side);
    const chance = random();
    if (chance < 0.08) {
      const how = pick(random, ['from close range', 'with a low shot', 'with a header', 'from the edge of the box']);
      return { kind: 'goal', ...moment, side, player, text: `Goal for ${team}! ${player} scores ${how}.` };
    }
    if (chance < 0.17) {
      const isSecond = booked.has(player);
      if (isSecond || random() < 0.04) {
        takeOff(side, player);
        const why = isSecond ? 'sees a second yellow card' : 'is shown a straight red card';
        return { kind: 'red-card', ...moment, side, player, text: `${player} of ${team} ${why} and is off.` };
      }
      booked.add(player);
      return { kind: 'yellow-card', ...moment, side, player, text: `Yellow card for ${player} of ${team}.` };
    }
    if (chance < 0.25 && isSecondHalf && bench[side].length > 1) {
      const on = bench[side].shift() ?? '';
      onPitch[side] = onPitch[side].map((name) => (name === player ? on : name));
      return { kind: 'substitution', ...moment, side, text: `${team} change: ${on} comes on for ${player}.` };
    }
    if (chance < 0.45) {
      return { kind: 'shot-on-target', ...moment, side, text: `${player} tests the keeper. Well saved.` };
    }
    if (chance < 0.6) return { kind: 'shot-wide', ...moment, side, text: `${player} shoots for ${team}, wide.` };
    if (chance < 0.78) return { kind: 'corner', ...moment, side, text: `Corner for ${team}.` };
    return { kind: 'foul', ...moment, side, text: `Foul by ${player} of ${team}.` };
  };
}

function players(squad: MatchDetails['lineUps']['home']): string[] {
  return squad.map(({ name }) => name);
}
