import { type GameName, type OpenRoom, parseRoom } from '../../shared/rooms/open-room.js';

export interface Listed {
  readonly game: GameName;
  readonly id: string;
  readonly path: string;
  readonly players: number;
  readonly of: number;
  readonly state: OpenRoom['state'] | 'asleep';
  readonly about: string | undefined;
}

export const titles: Readonly<Record<GameName, string>> = { arena: 'Arena', four: 'Four in a row' };
const areas: Readonly<Record<GameName, string>> = { arena: 'play', four: 'four' };

/** It is always in the list: it opens for the first who comes. */
const mainArena = 'arena/main';

export function pathOf(game: GameName, id: string): string {
  return `/${areas[game]}/${id}`;
}

/** Rooms that wait for somebody come first, then those in which there is most to see. */
export function listRooms(entries: ReadonlyMap<string, OpenRoom>, only: GameName | undefined): readonly Listed[] {
  const asleep: readonly [string, OpenRoom | undefined][] = entries.has(mainArena) ? [] : [[mainArena, undefined]];
  const rows = [...entries, ...asleep].flatMap(([key, room]): Listed[] => {
    const parsed = parseRoom(key);
    if (!parsed || (only && parsed.game !== only)) return [];
    const { game, id } = parsed;
    const { players = 0, of = 100, state = 'asleep', about } = room ?? {};
    return [{ game, id, path: pathOf(game, id), players, of, state, about }];
  });
  const rank = ({ state }: Listed): number => (state === 'waiting' ? 0 : 1);
  return rows.toSorted((a, b) => rank(a) - rank(b) || b.players - a.players || (a.path < b.path ? -1 : 1));
}

/** A table where somebody waits. */
export function waitingTable(entries: ReadonlyMap<string, OpenRoom>): string | undefined {
  return listRooms(entries, 'four').find(({ state }) => state === 'waiting')?.path;
}

export function stateWords({ game, state }: Pick<Listed, 'game' | 'state'>): string {
  switch (state) {
    case 'waiting':
      return 'waits for a second player';
    case 'full':
      return game === 'four' ? 'in play' : 'full';
    case 'open':
      return game === 'four' ? 'free' : 'open';
    case 'asleep':
      return 'opens when you come';
  }
}
