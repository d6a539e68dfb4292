import type { Entities, RoomLogic } from 'longwave/rooms';
import { type meadow, size } from './channels.js';

type Meadow = typeof meadow;

/** The meadow, and the number of the next coin. */
export interface State extends Entities<Meadow['entities']> {
  nextCoin: number;
}

const speed = 250;
const coins = 12;
const reach = 25;

/** The rules. They run on the server, and in the page for the own player, who so moves without waiting. */
export const logic: RoomLogic<Meadow['entities'], Meadow['inputs'], State> = {
  create: () => ({ player: new Map(), coin: new Map(), nextCoin: 1 }),
  join: (state, { id, user }) => {
    state.player.set(id, { x: size / 2, y: size / 2, coins: 0, name: user ?? 'guest' });
  },
  leave: (state, { id }) => void state.player.delete(id),
  step: (state, inputs, dt, { emit, isServer, random }) => {
    for (const [id, made] of inputs) {
      const player = state.player.get(id);
      if (player) for (const { dx, dy } of made) move(player, dx, dy, dt);
    }
    // A page takes no coin by itself: the server has the last word.
    if (!isServer) return;
    for (const [id, player] of state.player) {
      for (const [key, coin] of state.coin) {
        if (Math.hypot(coin.x - player.x, coin.y - player.y) > reach) continue;
        state.coin.delete(key);
        player.coins += 1;
        emit('taken', { by: id });
      }
    }
    while (state.coin.size < coins) {
      state.coin.set(state.nextCoin++, { x: Math.round(random() * size), y: Math.round(random() * size) });
    }
  },
};

function move(player: { x: number; y: number }, dx: number, dy: number, dt: number): void {
  // Nobody is faster by walking diagonally.
  const length = Math.max(1, Math.hypot(dx, dy));
  player.x = clamp(player.x + (dx / length) * speed * dt);
  player.y = clamp(player.y + (dy / length) * speed * dt);
}

const clamp = (place: number): number => Math.min(size, Math.max(0, place));
