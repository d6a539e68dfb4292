import type { ReactElement } from 'react';
import { fullShield } from '../../shared/arena/limits.js';
import { useStore } from '../lib/store.js';
import type { Game, GameState } from './game.js';
import { ordinal, shownRows } from './standings.js';

const mostRows = 6;

/** Points, shield, time, the best and the news, above the stage. */
export function Hud({ game, description }: { readonly game: Game; readonly description: string }): ReactElement {
  const state = useStore(game.store);
  const { rows, own, shield, secondsLeft, news, spoken, radar } = state;
  return (
    <div className="hud">
      <div className="visually-hidden">
        <p id={description} data-testid="described">
          {describe(state)}
        </p>
        <ul aria-label="Ships near you" data-testid="radar">
          {radar.ships.map(({ id, text }) => (
            <li key={id}>{text}</li>
          ))}
        </ul>
      </div>
      <div className="visually-hidden" aria-live="polite" data-testid="spoken">
        {spoken}
      </div>
      {own && (
        <div className="hud-own" aria-hidden="true">
          <strong data-testid="points">{own.points}</strong>
          <span>{`${ordinal(own.place)} of ${rows.length}`}</span>
          <span className="hud-shield" data-shield={shield ?? 0}>
            {Array.from({ length: fullShield }, (_, i) => (
              <i key={i} data-whole={i < (shield ?? 0)} />
            ))}
          </span>
        </div>
      )}
      {secondsLeft !== undefined && (
        <p className="hud-time" aria-hidden="true">
          {clock(secondsLeft)}
        </p>
      )}
      <ol className="hud-board" aria-label="The best of this round">
        {shownRows(rows, own?.id, mostRows).map(({ id, place, name, points, isBot }) => (
          <li key={id} data-own={id === own?.id}>
            <span className="hud-place">{place}</span>
            <span className="hud-name">
              {name}
              {isBot && <small> bot</small>}
            </span>
            <span className="hud-points">{points}</span>
          </li>
        ))}
      </ol>
      <ul className="hud-news" aria-hidden="true">
        {news.map(({ id, text }) => (
          <li key={id}>{text}</li>
        ))}
      </ul>
      {own && shield === 0 && (
        <p className="hud-out" aria-hidden="true">
          Out. Back in a moment.
        </p>
      )}
    </div>
  );
}

function describe({ rows, own, shield, secondsLeft, radar }: GameState): string {
  const left = secondsLeft === undefined ? '' : ` ${clock(secondsLeft)} of the round left.`;
  const [best] = rows;
  const leader = best ? ` ${best.name} leads with ${best.points}.` : '';
  if (!own) return `You watch ${rows.length} ships.${leader}${left}`;
  const spark = radar.spark === undefined ? '' : ` The nearest spark is ${radar.spark}.`;
  const ship =
    shield === 0
      ? 'Your ship is out, and comes back in a moment.'
      : `Your ship takes ${shield} more hits. It is ${radar.place}.${spark}`;
  return `You have ${own.points} points and are ${ordinal(own.place)} of ${rows.length}. ${ship}${leader}${left}`;
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
