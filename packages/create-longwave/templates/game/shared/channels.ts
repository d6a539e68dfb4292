import { defineChannels } from 'longwave/contract';
import { real, room, text, whole } from 'longwave/rooms';

/** Width and height of the field. */
export const size = 1000;

/** Fields say which values there are: a snapshot is small, and a wrong value impossible. */
export const meadow = room({
  entities: {
    player: { x: real(0, size, 0.1), y: real(0, size, 0.1), coins: whole(0, 9999), name: text(20) },
    coin: { x: whole(0, size), y: whole(0, size) },
  },
  inputs: { move: { dx: real(-1, 1, 0.01), dy: real(-1, 1, 0.01) } },
  maxPlayers: 20,
});

/** The contract of server and page. */
export const channels = defineChannels({ 'meadow/:id': meadow });
