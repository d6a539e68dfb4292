import type { Authority } from '@longwave/core';
import { type Changes, type Subscribe, canonicalView, viewTag } from '@longwave/protocol';
import type { Sabotage } from '../simulation/sabotage.js';
import { facade } from '../facade.js';
import { type PlantedBug, toClient } from './plant.js';

/** Changes one `changes` frame in so many. */
function inChanges(oneIn: number, change: (frame: Changes) => Changes): Sabotage {
  return toClient((frame, random) =>
    frame.type === 'changes' && frame.ops.length > 0 && random.chance(1 / oneIn) ? change(frame) : frame,
  );
}

/** Has the server take every position for one that was made under what may be seen now (VIEW-9). */
function underAnyScope(): Sabotage {
  let rights: Authority | undefined;
  const users = new WeakMap<object, string>();
  const scoped = (frame: Subscribe, user = ''): Subscribe => {
    const { channel } = frame;
    const caller = { connection: { id: '' }, user, claims: undefined, info: { transport: '', headers: {} } };
    const right = rights?.authorize?.({ ...caller, action: 'subscribe', channel, params: {} });
    if (frame.epoch === undefined || right instanceof Promise) return frame;
    const { view = {} } = typeof right === 'object' ? right : {};
    return { ...frame, scope: viewTag(canonicalView(view)) };
  };
  return {
    authority: (authority) => (rights = authority),
    frames: () => ({
      toServer: (frames, link) =>
        frames.map((frame) => {
          if (frame.type === 'connect') users.set(link, frame.token?.split('.')[0] ?? '');
          return frame.type === 'subscribe' ? scoped(frame, users.get(link)) : frame;
        }),
    }),
  };
}

/** Bugs in what is told of state. */
export const plantedStateBugs: readonly PlantedBug[] = [
  {
    name: 'change-left-out',
    story: 'one merged update in 20 leaves out an entry',
    caughtBy: ['G2', 'liveness', 'needless'],
    withinSeeds: 40,
    sabotage: inChanges(20, (frame) => ({ ...frame, ops: frame.ops.slice(1) })),
  },
  {
    name: 'leave-not-told',
    story: 'nobody is told that an entry left the view',
    caughtBy: ['liveness'],
    withinSeeds: 200,
    sabotage: inChanges(1, (frame) => ({ ...frame, ops: frame.ops.filter(({ kind }) => kind !== 'leave') })),
  },
  {
    name: 'version-of-another',
    story: 'one merged update in 20 gives an entry the version of another operation',
    caughtBy: ['G2', 'liveness'],
    withinSeeds: 40,
    sabotage: inChanges(20, (frame) => ({
      ...frame,
      ops: frame.ops.map((op) => (op.offset > 1 ? { ...op, offset: op.offset - 1 } : op)),
    })),
  },
  {
    name: 'kept-what-is-not-there',
    story: 'one replacement in 5 has the client keep an entry that it does not have',
    caughtBy: ['needless'],
    withinSeeds: 40,
    sabotage: inChanges(5, (frame) => (frame.replace ? { ...frame, keep: [...(frame.keep ?? []), 'nothing'] } : frame)),
  },
  {
    name: 'replaced-by-half',
    story: 'a replacement that comes in several frames is called whole with the first',
    caughtBy: ['G2', 'liveness', 'needless'],
    withinSeeds: 100,
    sabotage: inChanges(1, (frame) => (frame.replace ? { ...frame, more: undefined } : frame)),
  },
  {
    name: 'scope-not-looked-at',
    story: 'a position is continued under whatever may be seen now, though it was made under something else',
    caughtBy: ['liveness', 'needless'],
    withinSeeds: 100,
    sabotage: underAnyScope(),
  },
  {
    name: 'members-do-not-expire',
    story: 'the store ends nothing whose time is over',
    caughtBy: ['liveness'],
    withinSeeds: 60,
    sabotage: { store: (store) => facade(store, { expire: () => undefined }) },
  },
];
