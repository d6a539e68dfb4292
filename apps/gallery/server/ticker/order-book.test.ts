import { describe, expect, it } from 'vitest';
import { OrderBook } from './order-book.js';

function bookOf(): OrderBook {
  const book = new OrderBook();
  for (const price of [99, 97, 98]) book.place('bid', price, 100);
  for (const price of [103, 101, 102]) book.place('ask', price, 100);
  return book;
}

describe('the order book', () => {
  it('has the best of each side first', () => {
    const book = bookOf();
    expect(book.bids.map(({ price }) => price)).toEqual([99, 98, 97]);
    expect(book.asks.map(({ price }) => price)).toEqual([101, 102, 103]);
    expect([book.best('bid').price, book.best('ask').price, book.spread]).toEqual([99, 101, 2]);
  });

  it('gives a level that is there another size', () => {
    const book = bookOf();
    book.place('bid', 98, 700);
    expect(book.bids).toEqual([
      { price: 99, size: 100 },
      { price: 98, size: 700 },
      { price: 97, size: 100 },
    ]);
  });

  it('lets nobody cross it, nor meet the other side', () => {
    const book = bookOf();
    expect(() => book.place('bid', 101, 1)).toThrow('A bid at 101 crosses the book at 101.');
    expect(() => book.place('ask', 98, 1)).toThrow(RangeError);
    book.place('bid', 100, 1);
    expect(() => book.place('ask', 100, 1)).toThrow(RangeError);
  });

  it('is taken from at its best, level after level', () => {
    const book = bookOf();
    expect(book.take('ask', 30)).toEqual({ price: 101, size: 30 });
    expect(book.take('ask', 500)).toEqual({ price: 101, size: 70 });
    expect(book.best('ask')).toEqual({ price: 102, size: 100 });
    expect(() => new OrderBook().take('bid', 1)).toThrow('There is no bid.');
  });
});
