import type { RoomInput } from 'longwave/rooms';
import type { ArenaEntities, ArenaInputs, Ship } from './arena.js';
import { range, rate, size } from './limits.js';

/** The mind of a bot: plain data. */
export interface Bot {
  goalX: number;
  goalY: number;
  /** A ship that it aims at, 0 for none. */
  rival: number;
  thinkAt: number;
  fireAt: number;
}

/** Ids of bots are above those of players. */
export const firstBot = 1_000_000;

const names = [
  ...['Vega', 'Rigel', 'Mira', 'Deneb', 'Spica', 'Castor', 'Lyra', 'Altair', 'Nova', 'Polaris', 'Orion', 'Bellatrix'],
  ...['Draco', 'Io', 'Sirius', 'Capella', 'Atlas', 'Maia', 'Electra', 'Hadar', 'Corvus', 'Halley', 'Encke', 'Titan'],
  ...['Rhea', 'Dione', 'Juno', 'Ceres', 'Pallas', 'Vesta', 'Ariel', 'Oberon', 'Triton', 'Nereid', 'Charon', 'Hydra'],
];

export function botName(number: number): string {
  return names[number % names.length]!;
}

export function createBot(): Bot {
  return { goalX: size / 2, goalY: size / 2, rival: 0, thinkAt: 0, fireAt: 0 };
}

/** Bots fly slower than people may: whoever comes can win. */
const calm = 0.5;

interface Scene extends Pick<ArenaEntities, 'ship' | 'spark'> {
  readonly bots: ReadonlyMap<number, Bot>;
}

/** Inputs of all bots for a step, as players make them. */
export function driveBots(
  scene: Scene,
  tick: number,
  random: () => number,
): ReadonlyMap<number, readonly RoomInput<ArenaInputs>[]> {
  const made = new Map<number, RoomInput<ArenaInputs>[]>();
  for (const [id, bot] of scene.bots) {
    const ship = scene.ship.get(id);
    if (!ship || ship.shield === 0) continue;
    if (tick >= bot.thinkAt) think(scene, id, bot, ship, tick, random);
    const [dx, dy] = [bot.goalX - ship.x, bot.goalY - ship.y];
    const far = Math.hypot(dx, dy);
    const inputs: RoomInput<ArenaInputs>[] =
      far > 12 ? [{ kind: 'steer', dx: (dx / far) * calm, dy: (dy / far) * calm }] : [];
    const rival = bot.rival === 0 ? undefined : scene.ship.get(bot.rival);
    if (rival && rival.shield > 0 && tick >= bot.fireAt) {
      bot.fireAt = tick + (2 + random() * 3) * rate;
      const angle = Math.atan2(rival.y - ship.y, rival.x - ship.x) + (random() - 0.5) * 0.5;
      inputs.push({ kind: 'fire', angle });
    }
    if (far > 420 && tick >= ship.dashFrom && random() < 0.01) inputs.push({ kind: 'dash' });
    made.set(id, inputs);
  }
  return made;
}

/** A few times a second: the spark that is worth its way, and the ship that is near. */
function think(scene: Scene, id: number, bot: Bot, ship: Ship, tick: number, random: () => number): void {
  bot.thinkAt = tick + 12 + Math.floor(random() * 18);
  let best = Infinity;
  for (const { x, y, worth } of scene.spark.values()) {
    // Not all go for the same one.
    const cost = (Math.hypot(x - ship.x, y - ship.y) / worth) * (0.8 + random() * 0.4);
    if (cost >= best) continue;
    best = cost;
    [bot.goalX, bot.goalY] = [x, y];
  }
  bot.rival = 0;
  let nearest = range * 0.8;
  for (const [other, { x, y, shield, safeUntil }] of scene.ship) {
    if (other === id || shield === 0 || tick < safeUntil) continue;
    const far = Math.hypot(x - ship.x, y - ship.y);
    if (far >= nearest) continue;
    nearest = far;
    bot.rival = other;
  }
}
