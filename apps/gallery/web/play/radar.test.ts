import { expect, it } from 'vitest';
import type { Ship } from '../../shared/arena/arena.js';
import { radarOf } from './radar.js';

const ship = (x: number, y: number, shield = 3): Ship => ({
  ...{ x, y, vx: 0, vy: 0, angle: 0, shield, safeUntil: 0, dashFrom: 0 },
});
const score = (name: string) => ({ name, points: 0, isBot: false });

it('says where the own ship is, and who is near, the nearest first', () => {
  const room = {
    ship: new Map([
      [1, ship(100, 2300)],
      [2, ship(400, 2300)],
      [3, ship(100, 2100)],
      [4, ship(150, 2350)],
      [5, ship(101, 2300, 0)],
    ]),
    score: new Map([2, 3, 4, 5].map((id) => [id, score(`Ship ${id}`)])),
    spark: new Map([[9, { x: 0, y: 2300, worth: 1 }]]),
  };
  expect(radarOf(room, ship(100, 2300), 1)).toEqual({
    place: '100 from the west wall, 100 from the south wall',
    ships: [
      { id: 4, text: 'Ship 4, 70 to the south-east' },
      { id: 3, text: 'Ship 3, 200 to the north' },
      { id: 2, text: 'Ship 2, 300 to the east' },
    ],
    spark: '100 to the west',
  });
});

it('tells who watches of the ships about the middle', () => {
  const room = { ship: new Map([[2, ship(1200, 700)]]), score: new Map([[2, score('Ada')]]), spark: new Map() };
  expect(radarOf(room, undefined, undefined)).toEqual({
    place: undefined,
    ships: [{ id: 2, text: 'Ada, 500 to the north' }],
    spark: undefined,
  });
});
