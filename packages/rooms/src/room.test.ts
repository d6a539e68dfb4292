import { describe, expect, it } from 'vitest';
import { Playing } from './client/playing.js';
import { Audience, type Spectator } from './server/audience.js';
import { Room } from './server/room.js';
import { SeededRandom } from './server/seeded-random.js';
import { type ArenaState, arena, logic } from './testing/arena.js';
import { Link } from './testing/link.js';
import { decodeUp } from './wire/up.js';

type Arena = typeof arena;

/** A room and its players on one virtual clock, with a link for each. */
class Table {
  now = 10_000;
  readonly random: SeededRandom;
  room: Room<Arena['entities'], Arena['inputs'], ArenaState>;
  readonly audience: Audience;
  readonly seats: {
    readonly playing: Playing<Arena['entities'], Arena['inputs'], ArenaState>;
    readonly spectator: Spectator;
    readonly up: Link;
    readonly down: Link;
    readonly key: string;
    connected: boolean;
  }[] = [];
  readonly #delay: () => number;

  constructor(seed: number, { wayMs = 50, jitterMs = 20, loss = 0.02, definition = arena } = {}) {
    this.random = new SeededRandom(seed);
    const { next } = this.random;
    this.#delay = () => wayMs + next() * jitterMs + (next() < loss ? 2 * wayMs : 0);
    this.room = new Room({ name: 'arena/1', params: {}, definition, logic, seed, now: this.now });
    this.audience = new Audience({
      definition: definition as never,
      shown: () => this.room,
      standing: (key) => this.room.standing(key),
    });
  }

  /** The room stands still for so long, with what was on its way to it lost, and goes on elsewhere over other links. */
  move(ms: number): void {
    const kept = JSON.stringify([...this.room.keep().players]);
    const { tick, state, random, lastPlayer } = this.room.keep();
    for (const end = this.now + ms; this.now < end; this.now += 1000 / 60)
      for (const { playing } of this.seats) playing.update();
    this.room = new Room({
      ...{ name: 'arena/1', params: {}, definition: arena, logic, seed: 1, now: this.now },
      kept: { tick, state, random, lastPlayer, players: JSON.parse(kept) as never },
    });
    for (const seat of this.seats) {
      for (const link of [seat.up, seat.down]) link.take(Infinity);
      seat.spectator.forget();
      seat.playing.reconnected();
    }
  }

  add(key: string, predicts = true): this['seats'][number] {
    const player = this.room.join(key, key, undefined);
    const [up, down] = [new Link(this.#delay), new Link(this.#delay)];
    const playing: Playing<Arena['entities'], Arena['inputs'], ArenaState> = new Playing({
      definition: arena,
      own: 'player',
      predict: predicts ? logic : undefined,
      send: (message) => up.send(message, this.now),
      now: () => this.now,
    });
    const seat = { playing, spectator: this.audience.add({ player }), up, down, key, connected: true };
    this.seats.push(seat);
    return seat;
  }

  /** Runs so many milliseconds; `act` is called once a step. */
  run(ms: number, act: () => void = () => undefined): void {
    for (const end = this.now + ms; this.now < end; this.now += 1000 / 60) {
      const isNew = this.room.advance(this.now);
      for (const { playing, spectator, up, down, key, connected } of this.seats) {
        if (!connected) continue;
        for (const message of up.take(this.now)) {
          const { held, behind, sentAt, inputs } = decodeUp(arena, message);
          this.room.take(key, inputs, behind, this.now);
          spectator.heard(held, sentAt, this.now);
        }
        const snapshot = isNew && this.audience.write(spectator, this.now)?.slice();
        if (snapshot) down.send(snapshot, this.now);
        for (const message of down.take(this.now)) playing.receive(message);
        playing.update();
      }
      act();
    }
  }
}

describe('a room over a link of 100 ms, with jitter and loss', () => {
  it('shows the own input in the next frame, and is right about what the server makes of it', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const table = new Table(seed);
      const { playing } = table.add('a');
      const others = [table.add('b'), table.add('c')];
      table.run(2000);
      expect(Math.abs(playing.serverTick - table.room.tick)).toBeLessThan(15 * 0.06 + 1);
      const corrections: number[] = [];
      let last = playing.stats.snapshots;
      let turns = 0;
      let before = playing.draw().own!;
      table.run(6000, () => {
        const angle = Math.floor(turns++ / 20);
        playing.hold('move', { dx: Math.cos(angle), dy: Math.sin(angle) });
        for (const other of others) other.playing.hold('move', { dx: Math.sin(angle), dy: 0.5 });
        const { own } = playing.draw();
        // Held since the frame before: it moves, whatever comes from the server.
        if (turns % 20 === 2)
          expect(
            Math.hypot(
              (own!['x'] as number) - (before['x'] as number),
              (own!['y'] as number) - (before['y'] as number),
            ),
          ).toBeGreaterThan(1);
        before = own!;
        if (playing.stats.snapshots > last) corrections.push(playing.stats.lastCorrection);
        last = playing.stats.snapshots;
      });
      for (const seat of table.seats) seat.playing.hold('move', undefined);
      const small = corrections.filter((size) => size < 1).length;
      expect(small / corrections.length).toBeGreaterThan(0.95);
      expect(playing.stats.desyncs).toBe(0);
      // In the end all stand still, on every screen where the server has them.
      table.run(1500);
      const at = table.room.state.player.get(1)!;
      for (const { playing: one } of table.seats) {
        const { entities, own } = one.draw();
        const seen = one === playing ? own! : entities.player.get(1);
        // Out of the others' sight.
        if (!seen) continue;
        expect(Math.hypot((seen['x'] as number) - at.x, (seen['y'] as number) - at.y)).toBeLessThan(0.2);
      }
    }
  });

  it('shows the others move without a stall', () => {
    const table = new Table(3);
    const { playing } = table.add('watcher');
    const other = table.add('runner');
    table.run(2000);
    let turns = 0;
    let stalls = 0;
    let before: number | undefined;
    table.run(8000, () => {
      turns++;
      // There and back, so that no wall is met.
      other.playing.hold('move', { dx: Math.floor(turns / 200) % 2 === 0 ? 1 : -1, dy: 0 });
      const x = playing.draw().entities.player.get(2)?.x;
      const isTurning = turns % 200 < 60;
      if (x !== undefined && before !== undefined && !isTurning && x === before) stalls++;
      before = x;
    });
    expect(stalls / turns).toBeLessThan(0.01);
  });

  it('takes each input once, whatever is sent again, and goes on after the link was away', () => {
    const table = new Table(4);
    const seat = table.add('a', false);
    table.run(1000);
    let made = 0;
    table.run(1000, () => {
      if (made >= 30) return;
      seat.playing.input('shoot', { at: 0 });
      made++;
    });
    seat.connected = false;
    table.run(500, () => {
      if (made >= 40) return;
      seat.playing.input('shoot', { at: 0 });
      made++;
    });
    seat.connected = true;
    seat.playing.reconnected();
    table.run(2000);
    expect(table.room.state.shots).toBe(40);
  });

  it('ROOM-7: a room that stood still while it moved does not make what players do wait for as long again', () => {
    const table = new Table(9, { loss: 0 });
    const { playing } = table.add('a');
    table.run(2000, () => playing.hold('move', { dx: 0.1, dy: 0 }));
    table.move(450);
    playing.input('shoot', { at: 0 });
    table.run(450);
    expect(table.room.state.shots).toBe(1);
    table.run(300);
    // As before the move: what is done is there a few steps before it is due, and the server's time is known.
    expect(playing.stats.lead).toBeLessThan(10);
    expect(Math.abs(playing.serverTick - table.room.tick)).toBeLessThan(3);
  });

  it('tells the rules where a player saw another one who moves, half a second back at most', () => {
    const table = new Table(8);
    const [shooter, runner] = [table.add('shooter'), table.add('runner')];
    table.run(1000);
    let turns = 0;
    const drawn: number[] = [];
    table.run(4000, () => {
      turns++;
      const { x } = shooter.playing.draw().entities.player.get(2)!;
      runner.playing.hold('move', { dx: Math.floor(turns / 60) % 2 === 0 ? 1 : -1, dy: 0 });
      // In the midst of each way, so that what is seen is on it too.
      if (turns % 60 !== 45) return;
      drawn.push(x);
      shooter.playing.input('shoot', { at: 0 });
    });
    const { aims } = table.room.state;
    expect(aims).toHaveLength(4);
    for (const [i, { seen, is }] of aims.entries()) {
      // As it was drawn, but for what a step or two makes.
      expect(Math.abs(seen - drawn[i]!)).toBeLessThan(8);
      // At 200 units a second: between 50 and 500 ms ago.
      expect(Math.abs(is - seen)).toBeGreaterThan(10);
      expect(Math.abs(is - seen)).toBeLessThanOrEqual(100);
    }
  });

  it('costs a player less than 1 KiB a second to say what it does', () => {
    const table = new Table(5);
    const { playing } = table.add('a');
    table.run(1000);
    const before = playing.stats.bytesUp;
    playing.hold('move', { dx: 0.5, dy: -0.5 });
    table.run(10_000);
    expect((playing.stats.bytesUp - before) / 10).toBeLessThan(1024);
  });
});

it('ROOM-10: inputs of the player before that come late do not count for the one after', () => {
  const { room, now } = new Table(1);
  const shot = (seq: number) => ({ seq, tick: room.tick, kind: 1, mode: 'once', values: { at: 0 } }) as const;
  room.join('a', 'ada', 1);
  room.take('a', [shot(1)], 0, now);
  room.step();
  room.leave('a');
  room.join('a', 'ada', 2);
  room.take('a', [shot(2), shot(3)], 0, now);
  room.step();
  room.show();
  expect(room.state.shots).toBe(1);
  const { applied } = room.standing('a')!;
  room.take('a', [shot(applied + 1)], 0, now);
  room.step();
  expect(room.state.shots).toBe(2);
});

it('a room that is stopped, since it goes on elsewhere, wakes its node no more', () => {
  const { room, now } = new Table(1);
  expect(room.waitMs(now + 1000)).toBeLessThanOrEqual(0);
  room.stop();
  expect(room.waitMs(now + 1000)).toBe(Infinity);
});

describe('somebody who sees everything', () => {
  it('is told the number of all of it, and begins anew where that differs', () => {
    const table = new Table(7, { loss: 0, definition: { ...arena, nearby: undefined } });
    const { playing } = table.add('a');
    table.add('b');
    table.run(3000);
    expect([playing.stats.desyncs, playing.draw().entities.player.size]).toEqual([0, 2]);
    const receive = playing.receive.bind(playing);
    let isSpoilt = false;
    playing.receive = (message) => {
      const copy = message.slice();
      // The difference of the score, which stands last: another one is a snapshot as well.
      if (!isSpoilt && copy.at(-1)! > 0) {
        copy[copy.length - 1]! ^= 4;
        isSpoilt = true;
      }
      receive(copy);
    };
    table.room.state.score.set(1, { points: 0 });
    table.run(200);
    isSpoilt = false;
    table.room.state.score.set(1, { points: 7 });
    table.run(1500);
    expect([playing.stats.desyncs, playing.draw().entities.score.get(1)]).toEqual([1, { points: 7 }]);
    playing.receive = receive;
    // A snapshot that is lost on the way, as no connection does: the next one continues another.
    table.room.advance(table.now + 100);
    table.audience.write(table.seats[0]!.spectator, table.now + 100);
    table.now += 100;
    table.run(2000);
    expect(playing.draw().entities.player.size).toBe(2);
  });
});

describe('a desync', () => {
  it('is found within a second, healed by a snapshot that says all, and counted', () => {
    const table = new Table(6, { loss: 0 });
    const { playing } = table.add('a');
    for (let id = 1; id <= 3; id++) table.room.state.rock.set(id, { x: 1000 + id, y: 1000 });
    table.run(1000);
    const receive = playing.receive.bind(playing);
    let spoilt = 0;
    playing.receive = (message) => {
      // One snapshot of another room, as a mistake of ours would give it.
      const copy = message.slice();
      if (spoilt++ === 0) copy[copy.length - 1]! ^= 1;
      receive(copy);
    };
    table.room.state.rock.set(9, { x: 1009, y: 1000 });
    table.run(2500);
    expect(playing.draw().entities.rock.get(9)).toEqual({ x: 1009, y: 1000 });
    expect(playing.draw().entities.rock.size).toBe(4);
  });
});
