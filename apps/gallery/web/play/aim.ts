import type { Ship } from '../../shared/arena/arena.js';
import { range, shipRadius } from '../../shared/arena/limits.js';
import { distanceToWall } from '../../shared/arena/wall.js';
import { turnBetween } from './turn.js';

/** Without a pointer one hits whatever is about in front of the ship. */
const assist = (40 * Math.PI) / 180;

type Place = Pick<Ship, 'x' | 'y'>;

/** Direction of a shot without a pointer: the nearest ship ahead, or ahead. */
export function aimAhead(own: Place & Pick<Ship, 'angle'>, others: Iterable<Ship>, tick: number): number {
  let aim = own.angle;
  let nearest = range;
  for (const { x, y, shield, safeUntil } of others) {
    const far = Math.hypot(x - own.x, y - own.y);
    if (shield === 0 || tick < safeUntil || far >= nearest || far === 0) continue;
    const angle = Math.atan2(y - own.y, x - own.x);
    if (Math.abs(turnBetween(own.angle, angle)) > assist) continue;
    nearest = far;
    aim = angle;
  }
  return aim;
}

/** Where a beam ends, as it looks from here. */
export function beamEnd(own: Place, angle: number, others: Iterable<Ship>): Place {
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  let length = Math.min(range, distanceToWall(own.x, own.y, dx, dy));
  for (const { x, y, shield } of others) {
    const along = (x - own.x) * dx + (y - own.y) * dy;
    const aside = Math.abs((x - own.x) * dy - (y - own.y) * dx);
    if (shield > 0 && along > 0 && along < length && aside <= shipRadius) length = along;
  }
  return { x: own.x + dx * length, y: own.y + dy * length };
}
