import { expect, it } from 'vitest';
import type { Ship } from '../../shared/arena/arena.js';
import { range, size } from '../../shared/arena/limits.js';
import { aimAhead, beamEnd } from './aim.js';

const ship = (x: number, y: number, more: Partial<Ship> = {}): Ship => ({
  ...{ x, y, vx: 0, vy: 0, angle: 0, shield: 3, safeUntil: 0, dashFrom: 0 },
  ...more,
});

it('aims at the nearest ship about ahead that can be hit, or straight ahead', () => {
  const own = ship(0, 0);
  const aim = (...others: Ship[]): number => aimAhead(own, others, 100);
  expect(aim()).toBe(0);
  expect(aim(ship(200, 50), ship(100, -20))).toBeCloseTo(Math.atan2(-20, 100));
  expect(aim(ship(-100, 0), ship(0, 100), ship(range + 1, 0))).toBe(0);
  expect(aim(ship(100, 40, { shield: 0 }), ship(100, 40, { safeUntil: 101 }))).toBe(0);
  // Across the place where angles begin anew.
  expect(aimAhead(ship(0, 0, { angle: 3 }), [ship(-100, -20)], 0)).toBeCloseTo(Math.atan2(-20, -100));
});

it('ends a beam at the first ship in its way, where it reaches no further, or at the wall', () => {
  const own = ship(1000, 1000);
  expect(beamEnd(own, 0, [ship(1200, 1000), ship(1100, 1010), ship(950, 1000)])).toEqual({ x: 1100, y: 1000 });
  expect(beamEnd(own, 0, [ship(1100, 1060)])).toEqual({ x: 1000 + range, y: 1000 });
  expect(beamEnd(ship(size - 100, 1000), 0, [])).toEqual({ x: size, y: 1000 });
});
