import type { ReactElement } from 'react';
import type { Trade } from '../../shared/ticker/market.js';
import { formatPrice, formatShares, formatTime } from './format.js';

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
              <td>{formatTime(at)}</td>
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
