export type Side = 'bid' | 'ask';

/** Names a level of a book: `b:101.25` is the bids at 101.25 dollars. */
export function levelKey(side: Side, cents: number): string {
  return `${side === 'bid' ? 'b' : 'a'}:${(cents / 100).toFixed(2)}`;
}

/** Undefined for what names none. The price is in dollars. */
export function parseLevelKey(key: string): { readonly side: Side; readonly price: number } | undefined {
  const [, letter, price] = /^([ab]):(\d+\.\d\d)$/.exec(key) ?? [];
  return price === undefined ? undefined : { side: letter === 'b' ? 'bid' : 'ask', price: Number(price) };
}
