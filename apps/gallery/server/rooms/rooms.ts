import type { Server } from 'longwave';
import { type Rooms, serveRooms } from 'longwave/rooms/server';
import { arenaRules } from '../../shared/arena/rules.js';
import { type GalleryChannels, channels } from '../../shared/channels.js';
import { fourRules } from '../../shared/four/four.js';
import { keepLobby } from './lobby.js';

/** Each is stepped while somebody is there, and anybody may open one. */
const maxRooms = 60;
const lobbyMs = 1000;

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
      const lobby = keepLobby({ list: () => host.list(), channel: longwave.channel('lobby') });
      timer = setInterval(() => void lobby(), lobbyMs);
    },
    close: () => clearInterval(timer),
  };
}
