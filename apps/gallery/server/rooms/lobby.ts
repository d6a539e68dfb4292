import { arena } from '../../shared/arena/arena.js';
import { four } from '../../shared/four/four.js';
import { type GameName, type OpenRoom, parseRoom } from '../../shared/rooms/open-room.js';

interface Room {
  readonly name: string;
  readonly players: number;
  readonly about?: unknown;
}

interface LobbyOptions {
  /** The rooms that are open now, on all nodes, as this one knows them. */
  readonly find: () => readonly Room[];
  /** Names of those that are on this node: no other node tells of them. */
  readonly own: () => ReadonlySet<string>;
  readonly channel: {
    readonly entries: ReadonlyMap<string, OpenRoom>;
    put(key: string, room: OpenRoom): Promise<unknown>;
    delete(key: string): Promise<unknown>;
  };
}

const placesOf: Readonly<Record<GameName, number>> = { arena: arena.maxPlayers, four: four.maxPlayers };
const mostAbout = 60;

/**
 * Keeps the channel of the lobby like the list of rooms. At each call of what it returns, a node stores what has changed of its own rooms, and
 * removes those that nobody knew of at the last call either: their node may be gone, and a new one is known to others a moment later.
 * A change that could not be stored is tried again with the next call.
 */
export function keepLobby({ find, own, channel }: LobbyOptions): () => Promise<void> {
  let unknown = new Set<string>();
  let isBusy = false;

  // #region teach:lobby-server
  const update = async (): Promise<void> => {
    const rooms = find();
    const open = new Map(rooms.flatMap((room) => describe(room)));
    const mine = own();
    for (const [name, room] of open) {
      if (mine.has(name) && !isSame(channel.entries.get(name), room)) await channel.put(name, room);
    }
    const gone = new Set([...channel.entries.keys()].filter((name) => !open.has(name)));
    const last = unknown;
    unknown = gone;
    for (const name of gone) if (last.has(name)) await channel.delete(name);
  };
  // #endregion

  return async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      await update();
    } catch {
      // The next call sees the difference again.
    } finally {
      isBusy = false;
    }
  };
}

function describe({ name, players, about }: Room): readonly (readonly [string, OpenRoom])[] {
  const game = parseRoom(name)?.game;
  if (!game) return [];
  const of = placesOf[game];
  const state = players >= of ? 'full' : game === 'four' && players === 1 ? 'waiting' : 'open';
  const told = typeof about === 'string' ? { about: about.slice(0, mostAbout) } : {};
  return [[name, { game, players, of, state, ...told }]];
}

function isSame(one: OpenRoom | undefined, other: OpenRoom): boolean {
  return (
    one?.game === other.game &&
    one.players === other.players &&
    one.of === other.of &&
    one.state === other.state &&
    one.about === other.about
  );
}
