import { type Schema, call, defineCalls, defineChannels, doc, log, map, value } from '@longwave/protocol';
import type { Random } from '../random.js';

const short: Schema<unknown> = {
  '~standard': {
    version: 1,
    vendor: 'testkit',
    validate: (value) =>
      typeof value === 'object' && value !== null && 'bad' in value ? { issues: [{ message: 'is bad' }] } : { value },
  },
};

/** The contract of the simulated application: long and short logs, one with a schema, inboxes. */
export const channels = defineChannels({
  'chat/:room': log({ presence: { grace: '2s' }, redactable: true }),
  'short/:room': log({ retain: { maxCount: 4 }, redactable: true }),
  'aged/:room': log({ retain: { age: '3s' } }),
  'strict/:room': log({ message: short }),
  'closed/:room': log(),
  '@me': log({ retain: { maxCount: 20 }, redactable: true }),
  'table/:room': map({ maxKeys: 6, removals: 2 }),
  'score/:room': value(),
  'doc/:room': doc(),
});

export const calls = defineCalls({ echo: call(short, (input) => input) });

/** Channels that clients publish to and read; inboxes come on top. */
export const rooms = ['chat/a', 'chat/b', 'short/a', 'aged/a', 'strict/a'] as const;

/** Logs whose messages are redacted; inboxes come on top. */
export const redactableRooms = ['chat/a', 'chat/b', 'short/a'] as const;

/** Channels with state that clients watch and change. */
export const stateRooms = ['table/a', 'table/b', 'score/a'] as const;

/** Documents that clients open and change. */
export const documentRooms = ['doc/a', 'doc/b'] as const;

/** Channels that clients are members of. */
export const memberRooms = ['chat/a', 'chat/b'] as const;

export function isTable(channel: string): boolean {
  return channel.startsWith('table/');
}

/**
 * - `shared`: nodes over one store that answers at once and outlives them.
 * - `dying`: one node, whose store dies with it.
 * - `remote`: nodes over a store that answers later and fails at times; announcements are reliable.
 * - `lossy`: the same, and announcements are not.
 */
export type StoreKind = 'shared' | 'dying' | 'remote' | 'lossy';

/** Decisions of a seed about a run before it begins. */
export interface Profile {
  readonly store: StoreKind;
  readonly nodes: number;
  readonly clients: number;
  /** How long there are faults. */
  readonly stormMs: number;
  readonly latencyMs: number;
  readonly jitterMs: number;
  readonly heartbeatMs: number;
  /** Mean time between faults, and between what one client does. */
  readonly faultEveryMs: number;
  readonly actionEveryMs: number;
  readonly bufferBytes: number;
  readonly chunkBytes: number;
  readonly tailBytes: number;
  readonly framesPerSecond: number;
  readonly userFramesPerSecond: number;
  /** For all clients together: they share an address. */
  readonly connectsPerSecond: number;
  readonly storeDelayMs: number;
  readonly storeFailures: number;
  readonly asyncTokens: boolean;
  readonly asyncRights: boolean;
  readonly expiresAfterMs: number | undefined;
  /** How many publishers the store remembers; a retry of one that it forgot is refused (PUB-4). */
  readonly maxProducers: number;
  /** `mixed`: each client draws one, or has them all to choose from. */
  readonly transports: 'websocket' | 'mixed';
}

export function makeProfile(random: Random, only?: StoreKind): Profile {
  const drawn = random.weighted({ shared: 5, dying: 2, remote: 2, lossy: 2 });
  const store = only ?? drawn;
  const nodes = store === 'dying' ? 1 : 1 + random.below(3);
  const transports = random.pick(['websocket', 'mixed', 'mixed'] as const);
  return {
    store,
    nodes,
    clients: 2 + random.below(3),
    stormMs: random.between(2000, 8000),
    latencyMs: random.pick([1, 5, 20, 80]),
    jitterMs: random.pick([0, 1, 10, 60]),
    heartbeatMs: random.pick([2000, 5000, 10_000]),
    faultEveryMs: random.pick([300, 700, 1500, 10_000]),
    actionEveryMs: random.pick([120, 250, 500]),
    bufferBytes: random.pick([300, 1000, 16_384]),
    chunkBytes: random.pick([150, 500, 32_768]),
    tailBytes: random.pick([200, 1000, 262_144]),
    framesPerSecond: transports === 'websocket' ? random.pick([20, 1000, 1000]) : 1000,
    storeDelayMs: random.pick([1, 10, 60]),
    storeFailures: random.pick([0, 0.01, 0.05]),
    asyncTokens: random.chance(0.3),
    asyncRights: random.chance(0.25),
    // One that lasts less than 5 s ends its connection again and again (CLI-11), and is no state to come to rest in.
    expiresAfterMs: random.chance(0.25) ? random.between(5500, 12_000) : undefined,
    maxProducers: random.pick([2, 5, 10_000, 10_000]),
    userFramesPerSecond: transports === 'websocket' ? random.pick([30, 10_000, 10_000]) : 10_000,
    connectsPerSecond: transports === 'websocket' ? random.pick([2, Infinity, Infinity]) : Infinity,
    transports,
  };
}
