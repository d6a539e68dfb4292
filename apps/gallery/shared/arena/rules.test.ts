import type { Inputs, RoomInput, StepContext } from 'longwave/rooms';
import { describe, expect, it } from 'vitest';
import type { ArenaInputs, Ship } from './arena.js';
import { fireSteps, fullShield, range, roundSteps, safeSteps, size } from './limits.js';
import { type ArenaState, arenaRules } from './rules.js';

type Input = RoomInput<ArenaInputs>;
type Place = { readonly x: number; readonly y: number };

/** An arena that the test steps. Random numbers are the same in each run. */
function openArena({ fill = 0, isServer = true } = {}) {
  const rules = arenaRules(fill);
  let seed = 1;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const state: ArenaState = rules.create({ name: 'arena/test', params: {}, random });
  const told: { readonly name: string; readonly data: unknown }[] = [];
  /** Where players saw others. */
  const seen = new Map<number, Place>();
  let tick = 1;
  const arena = {
    state,
    told,
    seen,
    random,
    get tick() {
      return tick;
    },
    step: (steps: number, made: Readonly<Record<number, readonly Input[]>> = {}) => {
      const inputs: Inputs<ArenaInputs> = new Map(Object.entries(made).map(([id, each]) => [Number(id), each]));
      const context: StepContext = {
        ...{ tick, isServer, random },
        emit: (name, data) => told.push({ name, data }),
        seenBy: () => ({ at: (_kind, id) => seen.get(id) }),
      };
      for (let i = 0; i < steps; i++) rules.step(state, inputs, 1 / 60, { ...context, tick: tick++ });
    },
    join: (id: number, name = `Ship ${id}`) =>
      rules.join!(state, { id, key: String(id), user: undefined, data: { name } }),
    leave: (id: number) => rules.leave!(state, { id, key: String(id), user: undefined, data: { name: '' } }),
    ship: (id: number): Ship => state.ship.get(id)!,
    points: (id: number): number => state.score.get(id)!.points,
    put: (id: number, place: Place) =>
      Object.assign(state.ship.get(id)!, { ...place, vx: 0, vy: 0, shield: fullShield, safeUntil: 0 }),
  };
  return arena;
}

/** Two ships a little apart, where no spark lies. */
function openDuel() {
  const arena = openArena();
  arena.join(1);
  arena.join(2);
  arena.step(1);
  arena.state.spark.clear();
  arena.put(1, { x: 1000, y: 1000 });
  arena.put(2, { x: 1200, y: 1000 });
  arena.state.backAt.clear();
  return arena;
}

const fire: Input = { kind: 'fire', angle: 0 };
const east: Input = { kind: 'steer', dx: 1, dy: 0 };

describe('a ship', () => {
  it('comes with the next step, safe for a moment', () => {
    const arena = openArena();
    arena.join(1, 'Ada');
    expect(arena.ship(1).shield).toBe(0);
    arena.step(1);
    expect(arena.ship(1)).toMatchObject({ shield: fullShield, safeUntil: 1 + safeSteps });
    expect(arena.state.score.get(1)).toEqual({ name: 'Ada', points: 0, isBot: false });
    arena.leave(1);
    expect([arena.state.ship.size, arena.state.score.size]).toEqual([0, 0]);
  });

  it('takes the speed that is asked for, glides on, and stays inside', () => {
    const arena = openDuel();
    arena.step(60, { 1: [east] });
    const { x, vx, angle } = arena.ship(1);
    expect([x > 1200, vx > 300, angle]).toEqual([true, true, 0]);
    arena.step(20);
    expect(arena.ship(1).x).toBeGreaterThan(x + 50);
    arena.step(600, { 1: [east] });
    expect(arena.ship(1).x).toBeLessThan(size);
  });

  it('dashes, and not again at once', () => {
    const arena = openDuel();
    arena.step(1, { 1: [{ kind: 'dash' }] });
    const { vx, dashFrom } = arena.ship(1);
    expect(vx).toBeGreaterThan(900);
    arena.step(1, { 1: [{ kind: 'dash' }] });
    expect(arena.ship(1)).toMatchObject({ dashFrom });
    expect(arena.ship(1).vx).toBeLessThan(vx);
  });

  it('moves on a page as on the server, to the last bit, and nothing else happens there', () => {
    const [server, page] = [openDuel(), openArena({ isServer: false })];
    for (const [id, ship] of server.state.ship) page.state.ship.set(id, { ...ship });
    const before = server.tick;
    page.step(before - page.tick);
    for (const [id, ship] of server.state.ship) page.state.ship.set(id, { ...ship });
    for (let i = 0; i < 200; i++) {
      const made: Input[] = [{ kind: 'steer', dx: Math.cos(i / 9), dy: Math.sin(i / 9) }];
      if (i % 40 === 0) made.push({ kind: 'dash' });
      for (const arena of [server, page]) arena.step(1, { 1: made });
    }
    expect(page.ship(1)).toEqual(server.ship(1));
    expect(page.state.spark.size).toBe(0);
    expect(page.told).toEqual([]);
  });

  it('collects what it touches', () => {
    const arena = openDuel();
    arena.state.spark.set(7, { x: 1010, y: 1000, worth: 3 }).set(8, { x: 1100, y: 1000, worth: 1 });
    arena.step(1);
    expect([arena.points(1), arena.state.spark.has(7), arena.state.spark.has(8)]).toEqual([3, false, true]);
  });
});

describe('a beam', () => {
  it('hits the first in its way, once a while, and is seen for a moment', () => {
    const arena = openDuel();
    arena.step(fireSteps, { 1: [fire] });
    expect(arena.ship(2).shield).toBe(2);
    expect(arena.told).toEqual([{ name: 'hit', data: { by: 1, who: 2, left: 2 } }]);
    expect([...arena.state.beam.values()]).toEqual([]);
    arena.step(1, { 1: [fire] });
    expect(arena.ship(2).shield).toBe(1);
    expect([...arena.state.beam.values()]).toEqual([{ x: 1000, y: 1000, toX: 1200, toY: 1000, by: 1 }]);
    arena.step(30);
    expect([arena.state.beam.size, arena.state.beamUntil.size]).toEqual([0, 0]);
  });

  it('hits what was on the screen of who fired', () => {
    const arena = openDuel();
    // It is elsewhere by now.
    arena.put(2, { x: 1200, y: 1300 });
    arena.step(1, { 1: [fire] });
    expect(arena.ship(2).shield).toBe(3);
    arena.step(fireSteps);
    arena.seen.set(2, { x: 1200, y: 1000 });
    arena.step(1, { 1: [fire] });
    expect(arena.ship(2).shield).toBe(2);
  });

  it('reaches so far, and hurts nobody who has just come', () => {
    const arena = openDuel();
    arena.put(2, { x: 1000 + range + 5, y: 1000 });
    arena.step(1, { 1: [fire] });
    arena.step(fireSteps);
    arena.put(2, { x: 1200, y: 1000 });
    arena.ship(2).safeUntil = arena.tick + 100;
    arena.step(1, { 1: [fire] });
    expect(arena.ship(2).shield).toBe(3);
    expect(arena.told).toEqual([]);
  });

  it('takes out with the third, moves points, and the ship comes back', () => {
    const arena = openDuel();
    arena.state.score.get(2)!.points = 9;
    arena.ship(2).shield = 1;
    arena.step(1, { 1: [fire] });
    expect(arena.told.map(({ name }) => name)).toEqual(['hit', 'out']);
    expect([arena.points(1), arena.points(2), arena.ship(2).shield]).toEqual([4, 6, 0]);
    // No shot of one that is out.
    arena.step(1, { 2: [{ kind: 'fire', angle: Math.PI }] });
    expect(arena.ship(1).shield).toBe(3);
    arena.step(130);
    expect(arena.ship(2).shield).toBe(3);
  });
});

describe('an arena', () => {
  it('is filled by bots, fewer as people come', () => {
    const arena = openArena({ fill: 6 });
    const count = (isBot: boolean): number =>
      [...arena.state.score.values()].filter((score) => score.isBot === isBot).length;
    arena.step(1);
    expect([count(true), count(false)]).toEqual([6, 0]);
    for (const id of [1, 2, 3]) arena.join(id);
    arena.step(120);
    expect([count(true), count(false)]).toEqual([3, 3]);
    for (const id of [1, 2, 3]) arena.leave(id);
    arena.step(120);
    expect([count(true), count(false), arena.state.bots.size]).toEqual([6, 0, 6]);
  });

  it('lets bots play: they collect and fight', () => {
    const arena = openArena({ fill: 12 });
    arena.step(1800);
    expect([...arena.state.score.values()].some(({ points }) => points > 10)).toBe(true);
    expect(arena.told.some(({ name }) => name === 'out')).toBe(true);
    for (const { x, y } of arena.state.ship.values()) {
      expect([x >= 0, x <= size, y >= 0, y <= size]).toEqual([true, true, true, true]);
    }
  });

  it('ends a round, tells who has won, and begins the next at nothing', () => {
    const arena = openArena();
    arena.join(1, 'Ada');
    arena.step(1);
    arena.state.score.get(1)!.points = 12;
    arena.state.spark.clear();
    arena.step(roundSteps);
    expect(arena.told.find(({ name }) => name === 'round')!.data).toMatchObject({ winner: 'Ada' });
    expect(arena.points(1)).toBeLessThan(12);
    expect(arena.state.round.get(1)!.until).toBe(2 * roundSteps);
  });
});
