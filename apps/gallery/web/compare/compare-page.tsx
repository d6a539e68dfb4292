import { type ReactElement, useEffect, useState } from 'react';
import { useStore } from '../lib/store.js';
import { useSession } from '../session/session-context.js';
import { useTitle } from '../shell/use-title.js';
import { ChartPanel } from './chart-panel.js';
import { type Comparison, type ComparisonState, createComparison } from './comparison.js';
import { Controls } from './controls.js';
import { FigureTable } from './figure-table.js';
import { formatBytes, formatDuration } from './format.js';
import { LaneCards } from './lane-cards.js';
import { MeasuringNotes } from './measuring-notes.js';
import { perLane } from './per-lane.js';

const emptyPlot = { seconds: [], latencyMs: perLane(() => []), bytesPerMessage: perLane(() => []) };

export function ComparePage(): ReactElement {
  useTitle('Compare');
  const { client, cable } = useSession();
  const [comparison, setComparison] = useState<Comparison>();
  useEffect(() => {
    const made = createComparison({
      client,
      urlOf: (port) => `${location.protocol}//${location.hostname}:${port}`,
      cable,
      isCalm: () => matchMedia('(prefers-reduced-motion: reduce)').matches,
    });
    setComparison(made);
    return made.close;
  }, [client, cable]);

  return (
    <div className="compare">
      <header className="page-head">
        <h1>Compare</h1>
        <p>
          One feed of numbered messages, received in four ways at the same time. All figures are measured here and now,
          by this page and on the wire. The network in between is yours to spoil.
        </p>
      </header>
      {comparison && (
        // Together, so that nothing is pushed away by what comes a moment later.
        <>
          <Lab comparison={comparison} />
          <LaneCards />
        </>
      )}
    </div>
  );
}

function Lab({ comparison }: { readonly comparison: Comparison }): ReactElement {
  const state = useStore(comparison.store);
  const { settings, figures, phase } = state;
  const plot = state.plot ?? emptyPlot;
  return (
    <>
      <section className="panel" aria-labelledby="controls-title">
        <div className="panel-head">
          <h2 id="controls-title">Feed and network</h2>
          <output className={`lab-state lab-${phase}`} data-testid="lab">
            {describe(state)}
          </output>
          {phase === 'ended' ? (
            <button type="button" className="button button-primary" onClick={comparison.restart}>
              Start again
            </button>
          ) : (
            <>
              <button
                type="button"
                className="button"
                onClick={() => comparison.choose({ isPaused: !settings.isPaused })}
              >
                {settings.isPaused ? 'Resume the feed' : 'Pause the feed'}
              </button>
              <button type="button" className="button" onClick={comparison.restart}>
                Reset
              </button>
            </>
          )}
        </div>
        <Controls settings={settings} onChoose={comparison.choose} />
      </section>

      <section className="panel" aria-labelledby="figures-title">
        <div className="panel-head">
          <h2 id="figures-title">Side by side</h2>
        </div>
        <FigureTable figures={figures} />
      </section>

      <div className="chart-pair">
        <ChartPanel
          id="latency-title"
          title="Latency"
          note="median of each second"
          seconds={plot.seconds}
          values={plot.latencyMs}
          format={formatDuration}
        />
        <ChartPanel
          id="bytes-title"
          title="Bytes for each message"
          note="on the wire, over ten seconds"
          seconds={plot.seconds}
          values={plot.bytesPerMessage}
          format={formatBytes}
        />
      </div>
      <MeasuringNotes clock={state.clock} cost={figures?.websocket.cost} />
    </>
  );
}

function describe({ phase, because, settings }: ComparisonState): string {
  switch (phase) {
    case 'opening':
      return 'Asking the server for a feed…';
    case 'connecting':
      return 'The lanes are connecting…';
    case 'running':
      return settings.isPaused ? 'The feed is paused' : 'Running';
    case 'ended':
      return `Ended: ${because ?? 'closed'}`;
  }
}
