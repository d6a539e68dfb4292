/** A listing of the ticker. All of them are invented. */
export interface Company {
  /** Four letters. */
  readonly symbol: string;
  readonly name: string;
}

const houses =
  'Alder Amberley Arden Aspen Baltic Beacon Birchwood Bramley Calder Cedar Cobalt Crane Dorset Drake Eastgate Elmwood Falcon Fenwick Garnet Glenhaven Harbor Hazelton Indigo Ironbridge Juniper Kestrel Kingsley Larchmont Linden Mapleton Meridian Nimbus Norwood Oakham Orchard Osprey Pembroke Quarry Quill Ravenhall Rowan Saffron Silverlake Tamar Thornbury Umberland Valemont Willow Wrenfield Yarrow'.split(
    ' ',
  );
/** Their first letters differ, as do the first three of the houses: so the symbols do. */
const trades = 'Bank Energy Foods Insurance Logistics Metals Pharma Robotics Software Telecom'.split(' ');

/** Every company of the market, by symbol: 500. */
export const companies: readonly Company[] = houses
  .flatMap((house) =>
    trades.map((trade) => ({
      symbol: (house.slice(0, 3) + trade.slice(0, 1)).toUpperCase(),
      name: `${house} ${trade}`,
    })),
  )
  .toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));

const nameBySymbol: ReadonlyMap<string, string> = new Map(companies.map(({ symbol, name }) => [symbol, name]));

export function isSymbol(text: string): boolean {
  return nameBySymbol.has(text);
}

/** The empty string for a symbol that is none. */
export function companyName(symbol: string): string {
  return nameBySymbol.get(symbol) ?? '';
}

/** The companies whose symbol begins with `text` or whose name has a word that does, at most `limit`. */
export function findCompanies(text: string, limit: number): readonly Company[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  return companies
    .filter(({ symbol, name }) =>
      [symbol, ...name.split(' '), name].some((word) => word.toLowerCase().startsWith(wanted)),
    )
    .slice(0, limit);
}
