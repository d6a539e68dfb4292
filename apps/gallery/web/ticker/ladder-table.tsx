import type { CSSProperties, ReactElement } from 'react';
import { formatPrice, formatShares } from './format.js';
import type { Ladder, Rung } from './ladder.js';

export function LadderTable({ ladder: { asks, bids, spread } }: { readonly ladder: Ladder }): ReactElement {
  return (
    <section aria-labelledby="book-title">
      <h3 id="book-title">Order book</h3>
      <table className="ladder" data-testid="book">
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Price</th>
            <th scope="col">Shares</th>
          </tr>
        </thead>
        <tbody className="ladder-asks" aria-label="Asks">
          {asks.map((rung) => (
            <Row key={rung.price} rung={rung} />
          ))}
        </tbody>
        <tbody>
          <tr className="ladder-spread">
            <td colSpan={2}>{spread === undefined ? 'Nothing is offered yet' : `Spread ${formatPrice(spread)}`}</td>
          </tr>
        </tbody>
        <tbody className="ladder-bids" aria-label="Bids">
          {bids.map((rung) => (
            <Row key={rung.price} rung={rung} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ rung: { price, size, share } }: { readonly rung: Rung }): ReactElement {
  return (
    <tr>
      <th scope="row">{formatPrice(price)}</th>
      <td style={{ '--share': share } as CSSProperties}>{formatShares(size)}</td>
    </tr>
  );
}
