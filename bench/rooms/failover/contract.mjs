import { defineChannels } from 'longwave';
import { real, room, whole } from 'longwave/rooms';

export const arena = room({
  entities: { player: { x: real(0, 10_000, 0.1), acts: whole(0, 1_000_000) } },
  inputs: { move: { dx: real(-1, 1, 0.01) }, act: {} },
});
export const channels = defineChannels({ 'arena/:id': arena });
