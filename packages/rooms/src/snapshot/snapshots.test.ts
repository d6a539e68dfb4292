import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { real, text, whole } from '../contract/fields.js';
import { room } from '../contract/room.js';
import { Grid } from '../interest/grid.js';
import { Viewer, hashRow } from '../interest/viewer.js';
import { arena } from '../testing/arena.js';
import { Bytes } from './bytes.js';
import { Comparison } from './comparison.js';
import { History } from './history.js';
import { KnownEntities } from './known-entities.js';
import { type World, capture } from './world.js';
import { writeFrame } from './write-frame.js';

type Values = Record<string, unknown>;
type State = Record<'player' | 'rock' | 'score', Map<number, Values>>;

const changes = fc.array(
  fc.record({
    kind: fc.constantFrom('player', 'rock', 'score'),
    id: fc.integer({ min: 1, max: 40 }),
    gone: fc.boolean(),
    x: fc.double({ min: -50, max: 2100 }),
    y: fc.double({ min: -50, max: 2100 }),
    angle: fc.double(),
    hp: fc.integer({ min: -5, max: 120 }),
    alive: fc.boolean(),
    team: fc.constantFrom('red', 'blue', 'green'),
    name: fc.string({ maxLength: 30, unit: 'binary' }),
    points: fc.integer({ min: -1000, max: 1000 }),
  }),
  { maxLength: 12 },
);

function apply(state: State, made: readonly ({ kind: string; id: number; gone: boolean } & Values)[]): void {
  for (const { kind, id, gone, ...values } of made) {
    const map = state[kind as keyof State];
    if (gone) map.delete(id);
    else map.set(id, values);
  }
}

/** All of a world, as `known()` says what a receiver knows. */
function all(world: World): string[] {
  return world.tables.flatMap(({ ids, numbers, texts, count, layout }, kind) =>
    Array.from({ length: count }, (_, row) =>
      JSON.stringify([
        kind,
        ids[row],
        [...numbers.slice(row * layout.numbered.length, (row + 1) * layout.numbered.length)],
        texts.slice(row * layout.texts.length, (row + 1) * layout.texts.length),
      ]),
    ),
  );
}

function known({ kinds }: KnownEntities): string[] {
  return kinds.flatMap(({ entities }, kind) =>
    [...entities]
      .sort(([a], [b]) => a - b)
      .map(([id, { numbers, texts }]) => JSON.stringify([kind, id, [...numbers], texts])),
  );
}

const emptyState = (): State => ({ player: new Map(), rock: new Map(), score: new Map() });
const captured = (world: World, state: State, tick: number): World => capture(world, arena, state as never, tick);

describe('snapshots', () => {
  it('make the receiver know what the room has, from nothing and from each one before', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 8 }), (turns) => {
        const state = emptyState();
        const history = new History(arena, 4);
        const entities = new KnownEntities(arena);
        let base: World | undefined;
        for (const [i, made] of turns.entries()) {
          apply(state, made as never);
          const world = captured(history.next(), state, i + 1);
          const bytes = new Bytes();
          writeFrame(bytes, world, new Comparison(world).compare(base, world));
          expect(entities.apply(bytes.copy())).toBe(true);
          expect(known(entities)).toEqual(all(world));
          base = world;
        }
      }),
    );
  });

  it('tell a viewer of what it sees, however many it skips and however little fits', () => {
    const turn = fc.record({
      made: changes,
      seen: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
      skips: fc.boolean(),
      maxBytes: fc.constantFrom(1e6, 1e6, 60),
    });
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 12 }), (turns) => {
        const state = emptyState();
        // Short, so that a tick that the viewer knows is forgotten.
        const history = new History(arena, 3);
        const entities = new KnownEntities(arena);
        let viewer: Viewer | undefined;
        let comparison: Comparison | undefined;
        for (const [i, { made, seen, skips, maxBytes }] of turns.entries()) {
          apply(state, made as never);
          const base = history.newest;
          const world = captured(history.next(), state, i + 1);
          comparison ??= new Comparison(world);
          comparison.compare(base, world);
          viewer ??= new Viewer(world);
          if (skips) continue;
          const visible = world.tables.map(({ ids, count }) =>
            Int32Array.from(Array.from({ length: count }, (_, row) => row).filter((row) => seen[ids[row]! - 1])),
          );
          const bytes = new Bytes();
          const see = (kind: number) => ({ rows: visible[kind]!, count: visible[kind]!.length });
          viewer.write(bytes, { world, comparison, history }, see, maxBytes, () => 1);
          expect(entities.apply(bytes.copy())).toBe(true);
          if (viewer.postponed === 0) {
            const told = visible.flatMap((rows, kind) =>
              [...rows].map((row) => hashRow(kind, world.tables[kind]!, row)),
            );
            expect(entities.hash()).toBe(told.reduce((sum, hash) => (sum + hash) | 0, 0) >>> 0);
            expect(viewer.hash({ world, history })).toBe(entities.hash());
          } else {
            const rows = new Set(all(world).map((row) => JSON.stringify((JSON.parse(row) as unknown[]).slice(0, 2))));
            for (const row of known(entities))
              expect(rows).toContain(JSON.stringify((JSON.parse(row) as unknown[]).slice(0, 2)));
          }
        }
      }),
    );
  });

  it('of a kind with many fields say which of them changed', () => {
    const fields = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`f${i}`, i % 7 === 6 ? text(10) : whole(0, 1000)]),
    );
    const wide = room({ entities: { wide: fields }, inputs: {} });
    const history = new History(wide, 4);
    const entities = new KnownEntities(wide);
    const state = { wide: new Map<number, Values>() };
    let base: World | undefined;
    for (let tick = 1; tick <= 30; tick++) {
      for (let id = 1; id <= 5; id++) {
        const before = state.wide.get(id) ?? {};
        state.wide.set(id, { ...before, [`f${(tick * id) % 40}`]: (tick * id) % 40 === 6 ? `t${tick}` : tick });
      }
      const world = capture(history.next(), wide, state as never, tick);
      const bytes = new Bytes();
      writeFrame(bytes, world, new Comparison(world).compare(base, world));
      expect(entities.apply(bytes.copy())).toBe(true);
      expect(known(entities)).toEqual(all(world));
      base = world;
    }
  });

  it('that are none are refused, and that continue another are not taken', () => {
    const state = emptyState();
    apply(state, [{ kind: 'player', id: 1, gone: false, x: 1, y: 2 }]);
    const world = captured(new History(arena, 2).next(), state, 7);
    const bytes = new Bytes();
    writeFrame(bytes, world, new Comparison(world).compare(undefined, world));
    const snapshot = bytes.copy();
    const entities = new KnownEntities(arena);
    for (let length = 0; length < snapshot.length; length++) {
      expect(() => entities.apply(snapshot.subarray(0, length))).toThrow(RangeError);
      expect(entities.tick).toBe(0);
    }
    expect(entities.apply(snapshot)).toBe(true);
    const other = snapshot.slice();
    other[1] = 3;
    expect(entities.apply(other)).toBe(false);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (data) => {
        try {
          new KnownEntities(arena).apply(data);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });
});

describe('a budget', () => {
  it('is kept within 5 %, and everybody gets their turn', () => {
    const state = emptyState();
    const history = new History(arena, 32);
    const entities = new KnownEntities(arena);
    const world = captured(history.next(), state, 1);
    const comparison = new Comparison(world);
    const viewer = new Viewer(world);
    const last = new Map<number, string>();
    let mostWaited = 0;
    const waited = new Map<number, number>();
    for (let tick = 2; tick < 300; tick++) {
      for (let id = 1; id <= 200; id++)
        state.player.set(id, { x: (id * 7 + tick * 3) % 2000, y: (id * tick) % 2000, hp: tick % 100 });
      const base = history.newest;
      const next = captured(history.next(), state, tick);
      comparison.compare(base, next);
      const rows = Int32Array.from({ length: next.tables[0]!.count }, (_, row) => row);
      const bytes = new Bytes();
      viewer.write(
        bytes,
        { world: next, comparison, history },
        (kind) => ({ rows, count: kind === 0 ? rows.length : 0 }),
        500,
        (_, row) => (row < 100 ? 1 : 0.25),
      );
      expect(bytes.length).toBeLessThanOrEqual(525);
      entities.apply(bytes.copy());
      for (const [id, { numbers }] of entities.kinds[0]!.entities) {
        const text = numbers.join();
        if (last.get(id) === text) waited.set(id, (waited.get(id) ?? 0) + 1);
        else waited.set(id, 0);
        mostWaited = Math.max(mostWaited, waited.get(id)!);
        last.set(id, text);
      }
    }
    expect(entities.kinds[0]!.entities.size).toBe(200);
    expect(mostWaited).toBeLessThan(80);
  });
});

describe('a grid', () => {
  it('finds those within the radius, and nobody else', () => {
    const point = fc.record({
      x: fc.double({ min: 0, max: 2000, noNaN: true }),
      y: fc.double({ min: 0, max: 2000, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(point, { maxLength: 100 }),
        point,
        fc.integer({ min: 1, max: 900 }),
        (points, { x, y }, radius) => {
          const field = room({ entities: { thing: { x: real(0, 2000, 0.01), y: real(0, 2000, 0.01) } }, inputs: {} });
          const things = new Map(points.map((place, i) => [i + 1, place]));
          const { tables } = capture(new History(field, 1).next(), field, { thing: things }, 1);
          const table = tables[0]!;
          const grid = Grid.of(table, radius)!;
          // Twice: nothing of a snapshot before may be left.
          grid.fill(table);
          grid.fill(table);
          const found = new Int32Array(points.length);
          const count = grid.near(x, y, found);
          const expected = Array.from({ length: table.count }, (_, row) => row).filter(
            (row) => (grid.xOf(row) - x) ** 2 + (grid.yOf(row) - y) ** 2 <= radius ** 2,
          );
          expect([...found.subarray(0, count)]).toEqual(expected);
        },
      ),
    );
  });
});
