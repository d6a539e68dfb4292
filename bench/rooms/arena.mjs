/** The arena of all peers: who is where, and how a step moves them. The same numbers for everybody. */
export const side = 2000;
export const radius = 300;
const speed = 200;

/** @param {number} value */
const within = (value) => Math.max(0, Math.min(side, value));

/**
 * Moves a player as its stick says, for `dt` seconds.
 * @param {{ x: number, y: number, angle: number }} player @param {{ dx: number, dy: number }} stick @param {number} dt
 */
export function move(player, { dx, dy }, dt) {
  player.x = within(player.x + dx * speed * dt);
  player.y = within(player.y + dy * speed * dt);
  player.angle = Math.atan2(dy, dx);
}

/** A place for the n-th player: all over the arena, the same in each run. @param {number} n */
export function place(n) {
  return { x: (n * 733) % side, y: (n * 1013) % side };
}

/** The rooms and rates of a cell. `bodies`: so many are moved by the room itself, and whoever connects only watches them. @typedef {{ rooms: number, players: number, tick: number, send: number, sees: 'all' | 'near', floodMiB?: number, bodies?: number }} Shape */
