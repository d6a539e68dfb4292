import { type ReactElement, memo } from 'react';
import { companyName } from '../../shared/ticker/companies.js';
import { AddSymbol } from './add-symbol.js';
import { directionOf, formatChange, formatPrice, formatShares } from './format.js';
import type { LiveQuotes } from './live-quotes.js';
import type { Ticker } from './ticker.js';
import { useQuote } from './use-quote.js';

interface WatchListProps {
  readonly ticker: Ticker;
  readonly listed: readonly string[];
  readonly selected: string;
}

export function WatchList({ ticker, listed, selected }: WatchListProps): ReactElement {
  return (
    <>
      <table className="quote-table">
        <thead>
          <tr>
            <th scope="col">Company</th>
            <th scope="col">Last</th>
            <th scope="col">Change</th>
            <th scope="col" className="wide-only">
              Bid
            </th>
            <th scope="col" className="wide-only">
              Ask
            </th>
            <th scope="col" className="wide-only">
              Volume
            </th>
            <th scope="col">
              <span className="visually-hidden">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {listed.map((symbol) => (
            <QuoteRow
              key={symbol}
              symbol={symbol}
              quotes={ticker.quotes}
              isSelected={symbol === selected}
              onSelect={() => ticker.choose({ selected: symbol })}
              onRemove={() => ticker.unlist(symbol)}
            />
          ))}
        </tbody>
      </table>
      {listed.length === 0 && <p className="empty">The list is empty. Add a company by its symbol or name.</p>}
      <AddSymbol listed={listed} onAdd={ticker.list} />
    </>
  );
}

interface QuoteRowProps {
  readonly symbol: string;
  readonly quotes: LiveQuotes;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly onRemove: () => void;
}

const QuoteRow = memo(function QuoteRow({ symbol, quotes, isSelected, onSelect, onRemove }: QuoteRowProps) {
  const quote = useQuote(quotes, symbol);
  return (
    <tr className={isSelected ? 'quote-selected' : undefined} data-testid={`quote ${symbol}`}>
      <th scope="row" aria-label={`${companyName(symbol)}, ${symbol}`}>
        <button type="button" className="quote-name" aria-pressed={isSelected} onClick={onSelect}>
          <span className="quote-symbol">{symbol}</span> <span className="quiet">{companyName(symbol)}</span>
        </button>
      </th>
      <td>{quote && <Price dollars={quote.last} />}</td>
      <td className={quote && `price-${directionOf(quote.change)}`}>{quote && formatChange(quote.change)}</td>
      <td className="wide-only">{quote && formatPrice(quote.bid)}</td>
      <td className="wide-only">{quote && formatPrice(quote.ask)}</td>
      <td className="wide-only">{quote && formatShares(quote.volume)}</td>
      <td>
        <button type="button" className="quote-remove" aria-label={`Remove ${symbol}`} onClick={onRemove}>
          ×
        </button>
      </td>
    </tr>
  );
});

/** A price that lights up when it is another: a new element for each, so that the light begins anew. */
function Price({ dollars }: { readonly dollars: number }): ReactElement {
  return (
    <span key={dollars} className="flash">
      {formatPrice(dollars)}
    </span>
  );
}
