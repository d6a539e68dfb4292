import type { ReactElement } from 'react';
import { companyName } from '../../shared/ticker/companies.js';
import { useStore } from '../lib/store.js';
import type { Detail } from './detail.js';
import { directionOf, formatChange, formatPrice, formatShares } from './format.js';
import { LadderTable } from './ladder-table.js';
import type { LiveQuotes } from './live-quotes.js';
import { PriceChart } from './price-chart.js';
import { TradeList } from './trade-list.js';
import { useQuote } from './use-quote.js';

interface DetailViewProps {
  readonly detail: Detail;
  readonly quotes: LiveQuotes;
  readonly isListed: boolean;
  readonly onList: () => void;
}

/** One company: its price, where it came from, and what stands ready to be traded. */
export function DetailView({ detail, quotes, isListed, onList }: DetailViewProps): ReactElement {
  const { symbol, store, series } = detail;
  const { ladder, trades, seriesVersion } = useStore(store);
  const quote = useQuote(quotes, symbol);
  return (
    <section className="panel detail" aria-labelledby="detail-title" data-testid="detail">
      <div className="panel-head">
        <h2 id="detail-title">
          {companyName(symbol)} <span className="quiet">{symbol}</span>
        </h2>
        {!isListed && (
          <button type="button" className="button" onClick={onList}>
            Add to my list
          </button>
        )}
      </div>
      <dl className="facts">
        <div>
          <dt>Last trade</dt>
          <dd className="detail-last" data-testid="last">
            {quote ? `${formatPrice(quote.last)} × ${formatShares(quote.size)}` : '–'}
          </dd>
        </div>
        <div>
          <dt>Change today</dt>
          <dd className={quote && `price-${directionOf(quote.change)}`}>{quote ? formatChange(quote.change) : '–'}</dd>
        </div>
        <div>
          <dt>Volume</dt>
          <dd>{quote ? formatShares(quote.volume) : '–'}</dd>
        </div>
      </dl>
      <div className="detail-body">
        <div className="detail-chart">
          {seriesVersion > 0 && (
            <PriceChart
              label={`Prices of the latest trades. ${quote ? `Now ${formatPrice(quote.last)}.` : ''}`}
              series={series}
              version={seriesVersion}
            />
          )}
        </div>
        <LadderTable ladder={ladder} />
        <TradeList trades={trades} />
      </div>
    </section>
  );
}
