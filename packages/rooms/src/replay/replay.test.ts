import { expect, it } from 'vitest';
import { stateToText } from '../nodes/state-text.js';
import { Room } from '../server/room.js';
import { SeededRandom } from '../server/seeded-random.js';
import { type ArenaState, arena, logic } from '../testing/arena.js';
import type { RoomLogic } from '../contract/logic.js';
import { Recorder } from '../server/recording.js';
import { replay } from './replay.js';

type Arena = typeof arena;
/** The arena, where chance has a hand in each step. */
const rules: RoomLogic<Arena['entities'], Arena['inputs'], ArenaState> = {
  ...logic,
  step: (state, inputs, dt, context) => {
    logic.step(state, inputs, dt, context);
    for (const player of state.player.values()) player.y += context.random() - 0.5;
  },
};

/** Plays at random, and returns what became of it. */
function playRandomly(seed: number, maxBytes = 10_000_000, kept?: { from: string; room: never }) {
  const random = new SeededRandom(seed);
  let now = 5000;
  const head = { name: 'arena/1', pattern: 'arena/:id', params: { id: '1' }, seed, ...(kept && { from: kept.from }) };
  const recorder = new Recorder(head, maxBytes, now);
  const room = new Room({ ...head, definition: arena, logic: rules, now, recorder, ...(kept && { kept: kept.room }) });
  const states: string[] = [];
  const seqs = new Map<string, number>();
  for (let i = 0; i < 400; i++) {
    now += random.next() * 40;
    const key = `p${Math.floor(random.next() * 4)}`;
    const what = random.next();
    if (what < 0.05) room.join(key, key, { any: 'data' });
    else if (what < 0.07) room.leave(key);
    else {
      const seq = (seqs.get(key) ?? 0) + 1;
      seqs.set(key, seq);
      const [dx, dy] = [random.next() * 2 - 1, random.next() * 2 - 1];
      const input =
        what < 0.8
          ? ({ seq, tick: room.tick + 2, kind: 0, mode: 'held', values: { dx, dy } } as const)
          : ({ seq, tick: room.tick, kind: 1, mode: 'once', values: { at: dx } } as const);
      room.take(key, [input], 8, now);
    }
    room.advance(now);
    states.push(`${room.tick - 1} ${stateToText(room.state)}`);
  }
  return { states, recording: JSON.parse(JSON.stringify(recorder.recording)), room };
}

it('a replay is the room again, bit by bit', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const { states, recording } = playRandomly(seed);
    const replayed = new Set<string>();
    for (const { tick, state } of replay(arena, rules, recording)) replayed.add(`${tick} ${stateToText(state)}`);
    // Players come and go between steps: each state that was seen after a step with nobody in between is there.
    const stepped = states.filter((state) => replayed.has(state));
    expect(stepped.length).toBeGreaterThan(200);
    expect(replayed).toContain(states.at(-1));
  }
});

it('goes on where a room was kept', () => {
  const first = playRandomly(7);
  const from = stateToText(first.room.keep());
  const room = first.room.keep() as never;
  const { states, recording } = playRandomly(8, undefined, { from, room });
  let last = '';
  for (const { tick, state } of replay(arena, rules, recording)) last = `${tick} ${stateToText(state)}`;
  expect(last).toBe(states.at(-1));
});

it('is cut where more happened than is recorded, and says so', () => {
  const { states, recording } = playRandomly(3, 4000);
  expect(recording.isCut).toBe(true);
  const replayed = [...replay(arena, rules, recording)].length;
  expect(replayed).toBeGreaterThan(10);
  expect(replayed).toBeLessThan(states.length);
});

it('refuses what is no recording', () => {
  expect(() => [...replay(arena, rules, { version: 2 } as never)]).toThrow(/recording of version 1/);
});
