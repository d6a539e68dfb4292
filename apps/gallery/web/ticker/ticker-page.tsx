import { type ReactElement, useEffect, useState } from 'react';
import { createSaved } from '../lib/saved.js';
import { useStore } from '../lib/store.js';
import { useSession } from '../session/session-context.js';
import { AgeNote, useLostAt } from '../shell/age-note.js';
import { useTitle } from '../shell/use-title.js';
import { Board } from './board.js';
import { DetailView } from './detail-view.js';
import { TickerControls } from './ticker-controls.js';
import { TickerFigures } from './ticker-figures.js';
import { TickerNotes } from './ticker-notes.js';
import { type Ticker, createTicker } from './ticker.js';
import { WatchList } from './watch-list.js';

const scopes = [
  { scope: 'list', title: 'My list' },
  { scope: 'board', title: 'All 500' },
] as const;

export function TickerPage(): ReactElement {
  useTitle('Ticker');
  const { client, traffic } = useSession();
  const [ticker, setTicker] = useState<Ticker>();
  useEffect(() => {
    const made = createTicker({
      client,
      saved: createSaved(() => localStorage),
      receivedBytes: () => traffic.contentDown + traffic.framingDown,
      requestFrame: requestAnimationFrame,
    });
    const onVisibility = (): void => made.hide(document.hidden);
    document.addEventListener('visibilitychange', onVisibility);
    setTicker(made);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      made.close();
    };
  }, [client, traffic]);

  return (
    <div className="ticker">
      <header className="page-head">
        <h1>Ticker</h1>
        <p>
          The quotes, order books and trades of 500 companies. They are invented, and so is every price: a simulator
          with a fixed seed makes them on the server. What is real is the way they take to you.
        </p>
      </header>
      <AgeNote />
      {ticker && <Market ticker={ticker} />}
    </div>
  );
}

function Market({ ticker }: { readonly ticker: Ticker }): ReactElement {
  const state = useStore(ticker.store);
  const { scope, listed, selected, detail, problem } = state;
  const isStale = useLostAt() !== undefined;
  return (
    <>
      <section className="panel" aria-labelledby="rates-title">
        <div className="panel-head">
          <h2 id="rates-title">How fast</h2>
        </div>
        <TickerControls ticker={ticker} state={state} />
        <TickerFigures state={state} />
        {problem !== undefined && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
      </section>
      <div className={`ticker-columns ticker-${scope}${isStale ? ' ticker-stale' : ''}`}>
        <section className="panel" aria-labelledby="quotes-title">
          <div className="panel-head">
            <h2 id="quotes-title">Quotes</h2>
            <div className="segments" role="group" aria-label="Which quotes">
              {scopes.map((each) => (
                <button
                  key={each.scope}
                  type="button"
                  aria-pressed={scope === each.scope}
                  onClick={() => ticker.choose({ scope: each.scope })}
                >
                  {each.title}
                </button>
              ))}
            </div>
          </div>
          {scope === 'list' ? (
            <WatchList ticker={ticker} listed={listed} selected={selected} />
          ) : (
            <Board
              quotes={ticker.quotes}
              selected={selected}
              onSelect={(symbol) => ticker.choose({ selected: symbol })}
            />
          )}
        </section>
        <DetailView
          detail={detail}
          quotes={ticker.quotes}
          isListed={listed.includes(selected)}
          onList={() => ticker.list(selected)}
        />
      </div>
      <TickerNotes />
    </>
  );
}
