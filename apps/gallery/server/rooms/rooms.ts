import type { Server } from 'longwave';
import { type Rooms, serveRooms } from 'longwave/rooms/server';
import { arenaRules } from '../../shared/arena/rules.js';
import { type GalleryChannels, channels } from '../../shared/channels.js';
import { fourRules } from '../../shared/four/four.js';
import { keepLobby } from './lobby.js';

/** Each is stepped while somebody is there, and anybody may open one. */
const maxRooms = 60;
const lobbyMs = 1000;
/** As many as the channel of the lobby holds. */
const mostListed = 200;

export interface GalleryRooms {
  readonly host: Rooms;
  /** Fills the lobby. */
  serve(longwave: Server<GalleryChannels>): void;
  close(): void;
}

/** The rooms of both games. */
export function createRooms(): GalleryRooms {
  // #region teach:play-server
  const host = serveRooms(channels, { 'arena/:id': arenaRules(), 'four/:id': fourRules }, { maxRooms });
  // #endregion
  let timer: NodeJS.Timeout | undefined;
  return {
    host,
    serve: (longwave) => {
      const channel = longwave.channel('lobby');
      const watch = channel.watch(() => undefined);
      watch.ready.catch(() => undefined);
      const lobby = keepLobby({
        find: () => host.find({ limit: mostListed }),
        own: () => new Set(host.list().map(({ name }) => name)),
        channel: {
          // Live: it changes with each update.
          entries: watch.entries,
          put: (key, room) => channel.put(key, room),
          delete: (key) => channel.delete(key),
        },
      });
      timer = setInterval(() => void lobby(), lobbyMs);
    },
    close: () => clearInterval(timer),
  };
}
