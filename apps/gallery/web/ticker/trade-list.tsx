import type { ReactElement } from 'react';
import type { Trade } from '../../shared/ticker/market.js';
import { formatPrice, formatShares } from './format.js';

const time = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

export function TradeList({ trades }: { readonly trades: readonly Trade[] }): ReactElement {
  return (
    <section aria-labelledby="trades-title">
      <h3 id="trades-title">Trades</h3>
      <table className="trades" data-testid="trades">
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Price</th>
            <th scope="col">Shares</th>
          </tr>
        </thead>
        <tbody>
          {trades.map(({ n, at, price, size, taker }) => (
            <tr key={n}>
              <td>{time.format(at)}</td>
              <td className={taker === 'buyer' ? 'price-up' : 'price-down'}>
                <span className="visually-hidden">{taker === 'buyer' ? 'bought at' : 'sold at'} </span>
                {formatPrice(price)}
              </td>
              <td>{formatShares(size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
