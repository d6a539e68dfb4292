import { arena } from '../../shared/arena/arena.js';
import { four } from '../../shared/four/four.js';
import { type GameName, type OpenRoom, parseRoom } from '../../shared/rooms/open-room.js';

interface LobbyOptions {
  /** The rooms that are open now. */
  readonly list: () => readonly { readonly name: string; readonly players: number }[];
  readonly channel: {
    put(key: string, room: OpenRoom): Promise<unknown>;
    delete(key: string): Promise<unknown>;
  };
}

const placesOf: Readonly<Record<GameName, number>> = { arena: arena.maxPlayers, four: four.maxPlayers };

/**
 * Keeps the channel of the lobby like the list of rooms. Each call of what it returns stores what has changed since, and nothing else; a
 * change that could not be stored is tried again with the next call.
 */
export function keepLobby({ list, channel }: LobbyOptions): () => Promise<void> {
  const stored = new Map<string, OpenRoom>();
  let isBusy = false;

  // #region teach:lobby-server
  const update = async (): Promise<void> => {
    const open = new Map(list().flatMap(({ name, players }) => describe(name, players)));
    for (const [name, room] of open) {
      const before = stored.get(name);
      if (before && before.players === room.players) continue;
      await channel.put(name, room);
      stored.set(name, room);
    }
    for (const name of [...stored.keys()]) {
      if (open.has(name)) continue;
      await channel.delete(name);
      stored.delete(name);
    }
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

function describe(name: string, players: number): readonly (readonly [string, OpenRoom])[] {
  const game = parseRoom(name)?.game;
  if (!game) return [];
  const of = placesOf[game];
  const state = players >= of ? 'full' : game === 'four' && players === 1 ? 'waiting' : 'open';
  return [[name, { game, players, of, state }]];
}
