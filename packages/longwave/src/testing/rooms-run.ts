import type { Keep, NewOperation, RoomEngine } from '@longwave/core';
import { defineChannels } from '@longwave/protocol';
import { type Entities, type PlayedRoom, type RoomLogic, play, real, room, text, whole } from '../rooms.js';
import { serveRooms } from '../rooms-server.js';
import { type TestNode, createTestWorld } from '../testing.js';
import { RoomsWeather } from './rooms-weather.js';

const arena = room({
  entities: { player: { x: real(0, 100_000, 0.1), acts: whole(0, 1_000_000), user: text(10) } },
  inputs: { move: { dx: real(-1, 1, 0.01) }, act: { number: whole(0, 1_000_000) } },
  tick: 20,
  send: 10,
  grace: '10s',
});
type E = (typeof arena)['entities'];
type I = (typeof arena)['inputs'];
/** `seen`: numbers of the acts of each user that counted. */
type State = Entities<E> & { readonly seen: Map<string, number[]> };
const channels = defineChannels({ 'arena/:id': arena });

/** A generator of the numbers from 0 to 1, the same for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

interface Seat {
  readonly user: string;
  readonly client: ReturnType<ReturnType<typeof createTestWorld<typeof channels>>['connect']>;
  played: PlayedRoom<E, I>;
  isIn: boolean;
  isOffline: boolean;
  acted: number;
}

/** The parts of the product that a node's rooms use, changed as a bug would change them. */
export type RoomBug = (engine: RoomEngine) => Partial<RoomEngine>;

const withAppend = ({ store }: RoomEngine, change: (channel: string, op: NewOperation) => NewOperation) => ({
  store: {
    durability: store.durability,
    read: (...args: Parameters<typeof store.read>) => store.read(...args),
    append: (channel: string, op: NewOperation, keep: Keep) => store.append(channel, change(channel, op), keep),
  },
});

/** Bugs that the product would have, by their names. */
export const roomBugs: Readonly<Record<string, RoomBug>> = {
  'a checkpoint loses the players': (engine) =>
    withAppend(engine, (channel, op) => {
      if (!channel.startsWith('$room/') || op.kind === 'delete') return op;
      const kept = JSON.parse(op.payload as string) as { room: { players: unknown[] } };
      return { ...op, payload: JSON.stringify({ ...kept, room: { ...kept.room, players: [] } }) };
    }),
  'nobody is seen to leave': ({ listening }) => ({
    listening: {
      watchOwn: (...args) => listening.watchOwn(...args),
      watch: (channel, options, handler) => {
        const entries = new Map<string, unknown>();
        const watch = listening.watch(channel, options, (now, change) => {
          for (const [key, value] of now) entries.set(key, value);
          return handler?.(entries, change);
        });
        return { ...watch, entries, entry: (key) => watch.entry(key) };
      },
    },
  }),
  'what a node passes on is changed': ({ relay }) => ({
    relay: {
      listen: (...args) => relay!.listen(...args),
      // The sender's name stands in front, then the kind of the item; a snapshot ends with its numbers.
      send: (topic, data) => {
        const isSnapshot = data[data[0]! + 1] === 8 && data.length > 80;
        relay!.send(topic, isSnapshot ? data.with(-1, data.at(-1)! ^ 2) : data);
      },
    },
  }),
};

/** Facts of a run, to see that it did what it is for. */
export interface RoomsRun {
  readonly problems: readonly string[];
  readonly moves: number;
  readonly crashes: number;
  readonly drops: number;
  readonly acts: number;
}

export interface RoomsRunOptions {
  readonly bug?: RoomBug | undefined;
  /** More can happen: what stands between nodes is slow and breaks, nodes stand still, links break in every way and take nothing. */
  readonly isRough?: boolean;
}

/** Ways in which a link ends. */
const breakages = ['cut', 'half-open', 'client-untold', 'server-untold', 'deaf-client'] as const;

/**
 * One random life of a room on three nodes, in virtual time: players come and go, lose their network, and nodes are killed, drained
 * and started. In the end everything is calm, and all must know the same.
 */
export async function runRooms(seed: number, { bug, isRough = false }: RoomsRunOptions = {}): Promise<RoomsRun> {
  const random = createRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const problems: string[] = [];
  const weather = isRough ? new RoomsWeather(createRandom(seed + 0.5)) : undefined;
  const counts = { moves: 0, crashes: 0, drops: 0, acts: 0 };
  /** The states that are stepped, by the node's own rules. */
  const states = new Map<object, { state: State; at: number }>();
  const rules = (): RoomLogic<E, I, State> => {
    const own = {};
    return {
      create: () => ({ player: new Map(), seen: new Map() }),
      join: (state, { id, user }) => {
        const name = user ?? '';
        for (const [other, { user: known }] of state.player)
          if (known === name) problems.push(`${name} is in the room twice, as ${other} and ${id}`);
        state.player.set(id, { x: 50_000, acts: 0, user: name });
      },
      leave: (state, { id }) => void state.player.delete(id),
      step: (state, inputs, dt, { isServer }) => {
        for (const [id, made] of inputs) {
          const player = state.player.get(id);
          for (const input of player ? made : []) {
            if (input.kind === 'move') {
              player!.x += input.dx * 100 * dt;
              continue;
            }
            player!.acts++;
            if (!isServer) continue;
            const seen = state.seen.get(player!.user) ?? [];
            if (seen.includes(input.number)) problems.push(`act ${input.number} of ${player!.user} counted twice`);
            if ((seen.at(-1) ?? 0) > input.number) problems.push(`act ${input.number} of ${player!.user} came late`);
            state.seen.set(player!.user, [...seen, input.number].slice(-500));
          }
        }
        if (isServer) states.set(own, { state, at: world.clock.now() });
      },
    };
  };
  const world = createTestWorld({
    ...{ channels, nodes: 3, seed, latency: 20 },
    authenticate: (token) => ({ user: token }),
    // A planted bug is found by what becomes of the room, not by what is logged.
    ...(bug && { logger: { error: () => undefined, info: () => undefined } }),
    rooms: () => {
      const served = serveRooms(channels, { 'arena/:id': rules() });
      const start = served.start.bind(served);
      served.start = (engine) => {
        const real = weather?.over(engine) ?? engine;
        start({ ...real, ...bug?.(real) });
      };
      return (weather?.around(served) as typeof served | undefined) ?? served;
    },
  });
  const enter = (seat: Pick<Seat, 'client'>, look?: number): PlayedRoom<E, I> =>
    play(seat.client.channel('arena/1'), arena, { player: { look }, predict: rules(), clock: world.clock });
  const seats: Seat[] = ['ada', 'bob', 'eve', 'joe', 'kim'].map((user) => {
    const client = world.connect({ token: user });
    return { user, client, played: enter({ client }), isIn: true, isOffline: false, acted: 0 };
  });
  for (const { played } of seats) played.ready.catch(() => undefined);
  const down = new Set<(typeof world.nodes)[number]>();
  /** Nodes that close, until they are killed. */
  const drains = new Map<TestNode, Promise<unknown>>();

  const crash = (node: TestNode): void => {
    counts.crashes++;
    // One that was to close is gone, and never says that it has closed.
    drains.delete(node);
    node.crash();
  };
  /** Standing still, or cut off from the others, until this time. */
  const troubled = new Map<(typeof world.nodes)[number], { until: number; end: () => void }>();
  const trouble = (begin: (node: TestNode) => () => void): void => {
    const node = pick(world.nodes);
    if (down.has(node) || troubled.has(node)) return;
    // From less than it takes to be noticed to more than a lease.
    const until = world.clock.now() + pick([100, 300, 600, 2000, 8000, 20_000]);
    troubled.set(node, { until, end: begin(node) });
  };
  const endTrouble = (now: number): void => {
    for (const [node, { until, end }] of troubled) {
      if (until > now) continue;
      troubled.delete(node);
      end();
    }
  };
  const rough: readonly (() => void)[] = [
    () =>
      trouble((node) => {
        const { host } = node as unknown as { host: { suspend(): void; resume(): void } };
        host.suspend();
        return () => host.resume();
      }),
    () =>
      trouble(({ id = '' }) => {
        weather!.cut.add(id);
        return () => void weather!.cut.delete(id);
      }),
    () => {
      const { client, isOffline } = pick(seats);
      if (!isOffline) world.drop(client, pick(breakages));
    },
    () => {
      // One that is killed while it drains.
      const node = pick(world.nodes);
      if (down.has(node) && !troubled.has(node)) crash(node);
    },
    () => weather!.slowDown(),
    () => weather!.speedUp(),
    () => {
      // Another player to the rules, at once.
      const seat = pick(seats);
      if (!seat.isIn) return;
      seat.played.leave();
      seat.played = enter(seat, random());
      seat.played.ready.catch(() => undefined);
    },
  ];
  const faults: readonly (() => void)[] = [
    ...(isRough ? rough : []),
    () => {
      const seat = pick(seats);
      if (!seat.isOffline) world.drop(seat.client);
      counts.drops++;
    },
    () => {
      const seat = pick(seats);
      if (seat.isOffline) world.online(seat.client);
      else world.offline(seat.client);
      seat.isOffline = !seat.isOffline;
    },
    () => {
      const seat = pick(seats);
      if (seat.isIn) seat.played.leave();
      else {
        seat.played = enter(seat);
        seat.played.ready.catch(() => undefined);
      }
      seat.isIn = !seat.isIn;
    },
    () => {
      const node = pick(world.nodes);
      if (down.delete(node)) return node.start();
      if (troubled.has(node)) return;
      // One stays.
      if (down.size === 2) return;
      down.add(node);
      if (random() < 0.5) {
        crash(node);
      } else {
        counts.moves++;
        drains.set(node, node.close({ drain: 1000 }));
      }
    },
  ];
  const play1 = (): void => {
    for (const seat of seats) {
      if (!seat.isIn) continue;
      if (random() < 0.3) seat.played.hold('move', random() < 0.3 ? undefined : { dx: random() * 2 - 1 });
      if (random() < 0.5 && seat.played.player !== undefined) {
        counts.acts++;
        seat.played.input('act', { number: ++seat.acted });
      }
      seat.played.draw();
    }
  };
  await world.advance(1000);
  for (let i = 0; i < 80; i++) {
    play1();
    if (random() < 0.2) pick(faults)();
    await world.advance(250);
    endTrouble(world.clock.now());
  }
  // From here on it is calm.
  endTrouble(Infinity);
  weather?.speedUp();
  for (const node of down) node.start();
  for (const seat of seats) {
    if (seat.isOffline) world.online(seat.client);
    if (!seat.isIn) seat.played = enter(seat);
    seat.played.ready.catch(() => undefined);
    seat.played.hold('move');
  }
  // All but one, who has gone for good.
  seats.pop()!.played.leave();
  await Promise.all([...drains.values(), world.advance('60s')]);

  // Their acts count.
  for (const seat of seats) seat.played.input('act', { number: ++seat.acted });
  await world.advance('2s');
  const now = world.clock.now();
  const living = [...states.values()].filter(({ at }) => now - at < 1000);
  if (living.length !== 1) problems.push(`${living.length} rooms are stepped`);
  const truth = living[0]?.state.player ?? new Map<number, { x: number; acts: number; user: string }>();
  const users = [...truth.values()].map(({ user }) => user).toSorted();
  if (users.join() !== 'ada,bob,eve,joe') problems.push(`in the room are ${users.join()}`);
  for (const { user, played, acted } of seats) {
    if (living[0]?.state.seen.get(user)?.at(-1) !== acted) problems.push(`act ${acted} of ${user} did not count`);
    const { entities, own } = played.draw();
    const known = [...entities.player].toSorted(([a], [b]) => a - b);
    const should = [...truth].toSorted(([a], [b]) => a - b);
    const differs =
      known.length !== should.length ||
      known.some(([id, { x, acts }], i) => {
        const [otherId, other] = should[i]!;
        return id !== otherId || Math.abs(x - other.x) > 0.11 || acts !== other.acts;
      });
    if (differs) problems.push(`${user} sees ${JSON.stringify(known)}, not ${JSON.stringify(should)}`);
    const mine = truth.get(played.player ?? 0);
    if (!mine || mine.user !== user || Math.abs(mine.x - (own?.x ?? -1)) > 0.11)
      problems.push(`${user} predicts ${own?.x}, and is at ${mine?.x}`);
  }
  const desyncs = seats.reduce((sum, { played }) => sum + played.stats.desyncs, 0);
  if (desyncs > 0) problems.push(`${desyncs} times a client knew something else than the server`);
  return { problems, ...counts };
}
