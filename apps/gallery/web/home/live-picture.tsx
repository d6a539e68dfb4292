import { type ReactElement, memo } from 'react';
import { TryButtons } from '../faults/try-buttons.js';
import { useStore } from '../lib/store.js';
import { useOpened } from '../lib/use-opened.js';
import { useConnection, useSession } from '../session/session-context.js';
import { createLiveTrades } from './live-trades.js';
import { shownCompanies } from './shown-companies.js';
import { SparkLine } from './spark-line.js';

/** Real channels at work, and what can be done to them. */
export function LivePicture(): ReactElement {
  const isStale = useConnection().status !== 'connected';
  return (
    <section className="panel live-picture" aria-labelledby="live-title" data-stale={isStale}>
      <h2 id="live-title">Live, on the server that sent this page</h2>
      <ul>
        {shownCompanies.map(({ symbol, name }) => (
          <Trades key={symbol} symbol={symbol} name={name} />
        ))}
      </ul>
      <p className="quiet">
        Each line is a log, and # is the place of this page in it. Do it some harm, and see where it goes on.
      </p>
      <p className="live-try">
        <TryButtons />
      </p>
    </section>
  );
}

const Trades = memo(function Trades({
  symbol,
  name,
}: {
  readonly symbol: string;
  readonly name: string;
}): ReactElement {
  const { client } = useSession();
  const { trades, offset } = useStore(useOpened(createLiveTrades, { client, symbol }).store);
  const prices = trades.map(({ price }) => price);
  return (
    <li className="live-line" data-testid={`live ${symbol}`}>
      <span className="live-name">{name}</span>
      <SparkLine values={prices} />
      <span className="live-price">{prices.at(-1)?.toFixed(2) ?? '–'}</span>
      <span className="quiet">{offset === undefined ? '' : `#${offset}`}</span>
    </li>
  );
});
