/** Somebody who waits for a game, or a party of several who want to play together. */
export interface Ticket {
  readonly id: string;
  readonly players: readonly string[];
  readonly rating: number;
  /** Milliseconds since the Unix epoch. */
  readonly since: number;
}

/** Ratings of one game may lie so far apart, the further the longer somebody waits. */
export interface Spread {
  readonly start: number;
  readonly perSecond: number;
  readonly most: number;
}

/** The players that a game needs, and how alike they are. */
export interface MatchRules {
  /** Players of a game. */
  readonly size: number;
  readonly spread: Spread;
}

/** Neighbours of a ticket that are looked at, on both sides together: more lie further away. */
const mostLooks = 64;

/** The tickets in the order of their ratings, out of which those that are matched are taken. */
class Line {
  readonly tickets: readonly Ticket[];
  readonly #spreads: readonly number[];
  readonly #before: Int32Array;
  readonly #after: Int32Array;
  readonly #isGone: Uint8Array;

  constructor(tickets: readonly Ticket[], spreads: readonly number[]) {
    this.tickets = tickets;
    this.#spreads = spreads;
    this.#before = Int32Array.from(tickets, (_, i) => i - 1);
    this.#after = Int32Array.from(tickets, (_, i) => (i + 1 < tickets.length ? i + 1 : -1));
    this.#isGone = new Uint8Array(tickets.length);
  }

  isGone(place: number): boolean {
    return this.#isGone[place] === 1;
  }

  /** Places of a game with the ticket at `place`: it, and those nearest to it that all accept each other. Undefined: there is none yet. */
  group(place: number, size: number): readonly number[] | undefined {
    const chosen = [place];
    let missing = size - this.tickets[place]!.players.length;
    let [low, high] = [this.tickets[place]!.rating, this.tickets[place]!.rating];
    let spread = this.#spreads[place]!;
    let [left, right] = [this.#before[place]!, this.#after[place]!];
    for (let looks = 0; missing > 0 && looks < mostLooks && (left >= 0 || right >= 0); looks++) {
      const { rating } = this.tickets[place]!;
      const toLeft = left < 0 ? Infinity : rating - this.tickets[left]!.rating;
      const toRight = right < 0 ? Infinity : this.tickets[right]!.rating - rating;
      const next = toLeft <= toRight ? left : right;
      if (next === left) left = this.#before[left]!;
      else right = this.#after[right]!;
      const ticket = this.tickets[next]!;
      const [lowest, highest] = [Math.min(low, ticket.rating), Math.max(high, ticket.rating)];
      const narrowest = Math.min(spread, this.#spreads[next]!);
      // All that follow lie further away from this one.
      if (Math.min(toLeft, toRight) > this.#spreads[place]!) return undefined;
      if (ticket.players.length > missing || highest - lowest > narrowest) continue;
      chosen.push(next);
      missing -= ticket.players.length;
      [low, high, spread] = [lowest, highest, narrowest];
    }
    return missing === 0 ? chosen : undefined;
  }

  take(place: number): void {
    const [before, after] = [this.#before[place]!, this.#after[place]!];
    if (before >= 0) this.#after[before] = after;
    if (after >= 0) this.#before[after] = before;
    this.#isGone[place] = 1;
  }
}

/** The games that can begin now. Those who have waited longest are served first. `now` in milliseconds since the Unix epoch. */
export function matchTickets(
  tickets: readonly Ticket[],
  { size, spread }: MatchRules,
  now: number,
): readonly (readonly Ticket[])[] {
  const sorted = tickets.filter(({ players }) => players.length <= size).toSorted((a, b) => a.rating - b.rating);
  const spreads = sorted.map(({ since }) =>
    Math.min(spread.most, spread.start + (spread.perSecond * Math.max(0, now - since)) / 1000),
  );
  const line = new Line(sorted, spreads);
  const byAge = sorted.map((_, place) => place).toSorted((a, b) => sorted[a]!.since - sorted[b]!.since);
  const games: Ticket[][] = [];
  for (const place of byAge) {
    const group = line.isGone(place) ? undefined : line.group(place, size);
    if (!group) continue;
    games.push(group.map((each) => sorted[each]!));
    for (const each of group) line.take(each);
  }
  return games;
}
