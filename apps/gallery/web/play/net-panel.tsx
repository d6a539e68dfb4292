import { type ReactElement, useEffect, useId, useState } from 'react';
import { Slider } from '../compare/controls.js';
import { formatBytes } from '../compare/format.js';
import { type Store, useStore } from '../lib/store.js';
import { type Faults, noFaults } from './delay-line.js';
import type { ArenaRoom, Game } from './game.js';
import { NetGraph } from './net-graph.js';
import type { NetFigures } from './net-meter.js';
import type { Reaction } from './reaction.js';

interface NetPanelProps {
  readonly faults: Store<Faults>;
  readonly room: ArenaRoom | undefined;
  readonly game: Game | undefined;
}

const presets: readonly (readonly [title: string, faults: Faults])[] = [
  ['As it is', noFaults],
  ['Good Wi-Fi', { latencyMs: 30, jitterMs: 5, lossPercent: 0 }],
  ['Mobile', { latencyMs: 120, jitterMs: 30, lossPercent: 2 }],
  ['Far and poor', { latencyMs: 260, jitterMs: 60, lossPercent: 6 }],
];

const nothing = '–';

/** A worse network for the game alone, what the client does against it, and what is measured. */
export function NetPanel({ faults, room, game }: NetPanelProps): ReactElement {
  const current = useStore(faults);
  const set = (part: Partial<Faults>): void => faults.set({ ...current, ...part });
  return (
    <section className="panel net-panel" aria-labelledby="net-title">
      <div className="panel-head">
        <h2 id="net-title">The network in between</h2>
        <div className="segments" role="group" aria-label="Networks">
          {presets.map(([title, preset]) => (
            <button key={title} type="button" aria-pressed={isSame(preset, current)} onClick={() => faults.set(preset)}>
              {title}
            </button>
          ))}
        </div>
      </div>
      <div className="controls">
        <fieldset>
          <legend>Make it worse, for this game in this tab</legend>
          <Slider
            label="Added latency"
            value={current.latencyMs}
            max={500}
            step={10}
            text={`${current.latencyMs} ms round trip`}
            onChange={(latencyMs) => set({ latencyMs })}
          />
          <Slider
            label="Jitter"
            value={current.jitterMs}
            max={150}
            step={5}
            text={`up to ${current.jitterMs} ms`}
            onChange={(jitterMs) => set({ jitterMs })}
          />
          <Slider
            label="Loss"
            value={current.lossPercent}
            max={20}
            text={`${current.lossPercent} %`}
            onChange={(lossPercent) => set({ lossPercent })}
          />
        </fieldset>
        <fieldset>
          <legend>Switch off what the client does against it</legend>
          <Switches room={room} />
        </fieldset>
      </div>
      {game ? <Figures game={game} /> : <p className="quiet">Measured as soon as the arena is there.</p>}
      <p className="quiet">
        The faults are real delays in this page, around the connection of the game. As with TCP nothing gets lost for
        good: a lost message is sent again a round trip later, and those behind it wait.
      </p>
    </section>
  );
}

/** Their state is kept over rooms. */
function Switches({ room }: { readonly room: ArenaRoom | undefined }): ReactElement {
  const [shows, setShows] = useState({ prediction: true, interpolation: true });
  useEffect(() => {
    if (room) Object.assign(room.shows, shows);
  }, [room, shows]);
  return (
    <>
      <Switch
        label="Prediction"
        note="Your ship follows at once: the page runs the rules of the server ahead of it."
        isOn={shows.prediction}
        onChange={(prediction) => setShows({ ...shows, prediction })}
      />
      <Switch
        label="Interpolation"
        note="Others move evenly: they are shown a moment late, between two snapshots."
        isOn={shows.interpolation}
        onChange={(interpolation) => setShows({ ...shows, interpolation })}
      />
    </>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly note: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Switch({ label, note, isOn, onChange }: SwitchProps): ReactElement {
  const about = useId();
  return (
    <label className="switch">
      <input
        type="checkbox"
        aria-label={label}
        aria-describedby={about}
        checked={isOn}
        onChange={({ target }) => onChange(target.checked)}
      />
      <span>
        <strong>{label}</strong>
        <span id={about} className="quiet">
          {note}
        </span>
      </span>
    </label>
  );
}

function Figures({ game }: { readonly game: Game }): ReactElement {
  const { net, reaction } = useStore(game.store);
  return (
    <>
      <ReactionLine reaction={reaction} />
      <NetGraph history={game.net.history} />
      <dl className="net-figures" aria-label="Measured">
        {rowsOf(net).map(([title, value]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd data-testid={`net ${title}`}>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** In the order in which it happened. */
function ReactionLine({ reaction }: { readonly reaction: Reaction | undefined }): ReactElement {
  if (reaction?.shipMs === undefined || reaction.serverMs === undefined) {
    return <p className="net-reaction quiet">Turn, and see here what came first: your ship or the server.</p>;
  }
  const [ship, server] = [Math.round(reaction.shipMs), Math.round(reaction.serverMs)];
  const isAhead = reaction.shipMs < reaction.serverMs;
  const order = isAhead
    ? [`your ship after ${ship} ms`, `the server's picture of it after ${server} ms`]
    : [`the server's picture after ${server} ms`, 'your ship with it'];
  return (
    <p className="net-reaction">
      Your last turn:{' '}
      <strong data-testid="reaction" data-first={isAhead ? 'ship' : 'server'} data-number={reaction.number}>
        {order.join(', ')}
      </strong>
    </p>
  );
}

function rowsOf(net: NetFigures | undefined): readonly (readonly [string, string])[] {
  const ms = (value: number | undefined): string => (value === undefined ? nothing : `${Math.round(value)} ms`);
  const rate = (value: number): string => `${value.toFixed(1)} a second`;
  return [
    ['Tick', net ? net.tick.toLocaleString('en') : nothing],
    ['Round trip', ms(net?.rttMs)],
    ['Jitter', ms(net?.jitterMs)],
    ['Picture behind', ms(net?.delayMs)],
    ['Snapshots', net ? rate(net.snapshots) : nothing],
    ['Corrections', net ? rate(net.corrections) : nothing],
    ['Last correction', net ? `${net.lastCorrection.toFixed(1)} units` : nothing],
    ['Desyncs', net ? String(net.desyncs) : nothing],
    ['Down', net ? `${formatBytes(net.bytesDown)}/s` : nothing],
    ['Up', net ? `${formatBytes(net.bytesUp)}/s` : nothing],
  ];
}

function isSame(a: Faults, b: Faults): boolean {
  return a.latencyMs === b.latencyMs && a.jitterMs === b.jitterMs && a.lossPercent === b.lossPercent;
}
