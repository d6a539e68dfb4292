import type { Operation } from '@longwave/protocol';
import { facade } from '../facade.js';
import { type PlantedBug, isMessage, isOfLog, nothing, toClient, withAppend } from './plant.js';
import { plantedDocumentBugs } from './planted-document-bugs.js';
import { plantedLinkBugs } from './planted-link-bugs.js';
import { plantedRedactionBugs } from './planted-redaction-bugs.js';
import { plantedStateBugs } from './planted-state-bugs.js';

export type { PlantedBug } from './plant.js';

export const plantedBugs: readonly PlantedBug[] = [
  ...plantedStateBugs,
  ...plantedLinkBugs,
  ...plantedDocumentBugs,
  ...plantedRedactionBugs,
  {
    name: 'duplicate-on-retry',
    story: 'one append in 20 forgets who published what',
    caughtBy: ['G1', 'order'],
    withinSeeds: 50,
    sabotage: withAppend((store, random) => (channel, operation, retain) => {
      const { payload, user, redacts } = operation;
      return store.append(channel, random.chance(0.05) ? { payload, user, redacts } : operation, retain);
    }),
  },
  {
    name: 'ack-before-append',
    story: 'one append in 1,000 is acknowledged and lost',
    caughtBy: ['G1'],
    withinSeeds: 100,
    store: 'shared',
    sabotage: withAppend((store, random) => (channel, operation, retain) => {
      if (!random.chance(0.001)) return store.append(channel, operation, retain);
      const { epoch, top } = store.bounds(channel) as { epoch: string; top: number };
      return { epoch, offset: top + 1, duplicate: false };
    }),
  },
  {
    name: 'wrong-ack-offset',
    story: 'one ack in 300 names the offset before',
    caughtBy: ['G1'],
    withinSeeds: 100,
    sabotage: toClient((frame, random) =>
      frame.type === 'ack' && frame.offset > 1 && random.chance(1 / 300)
        ? { ...frame, offset: frame.offset - 1 }
        : frame,
    ),
  },
  {
    name: 'duplicate-not-told',
    story: 'the ack of a repeated publish does not say that it is one',
    caughtBy: ['G1'],
    withinSeeds: 40,
    sabotage: toClient((frame) => (frame.type === 'ack' ? { ...frame, duplicate: undefined } : frame)),
  },
  {
    name: 'swapped-operations',
    story: 'two operations of one message in 100 change places',
    caughtBy: ['G2'],
    withinSeeds: 100,
    sabotage: toClient((frame, random) => {
      if (!isMessage(frame) || frame.ops.length < 2 || !random.chance(0.01)) return frame;
      const [first, second, ...rest] = frame.ops as readonly [Operation, Operation, ...Operation[]];
      return { ...frame, ops: [second, first, ...rest] };
    }),
  },
  {
    name: 'corrupted-payload',
    story: 'one message in 2,000 carries another payload',
    caughtBy: ['G2'],
    withinSeeds: 200,
    sabotage: toClient((frame, random) =>
      isMessage(frame) && random.chance(0.0005)
        ? { ...frame, ops: frame.ops.map((op) => ({ ...op, payload: '{"n":0}' })) }
        : frame,
    ),
  },
  {
    name: 'operation-left-out',
    story: 'one message in 100 leaves out its first operation and numbers the others as if it had not',
    caughtBy: ['G2'],
    withinSeeds: 100,
    sabotage: toClient((frame, random) =>
      isMessage(frame) && frame.ops.length > 1 && random.chance(0.01) ? { ...frame, ops: frame.ops.slice(1) } : frame,
    ),
  },
  {
    name: 'message-dropped',
    story: 'one message frame in 1,000 is lost: the client notices the gap and reads it again',
    caughtBy: ['needless'],
    withinSeeds: 100,
    sabotage: toClient((frame, random) => (isMessage(frame) && random.chance(0.001) ? nothing : frame)),
  },
  {
    name: 'last-message-dropped',
    story: 'a message frame in 500 is lost and no top is ever told: nothing comes behind the last of a burst',
    caughtBy: ['G5', 'needless', 'liveness'],
    withinSeeds: 100,
    sabotage: toClient((frame, random) =>
      frame.type === 'top' || (isMessage(frame) && random.chance(0.002)) ? nothing : frame,
    ),
  },
  {
    name: 'quiet-loss',
    story: 'from one message in 1,000 on a link is silent about a channel, tops included',
    caughtBy: ['G5', 'liveness'],
    withinSeeds: 100,
    sabotage: {
      frames: (random) => {
        const muted = new WeakMap<object, Set<string>>();
        return {
          toClient: (frame, link) => {
            if (!('channel' in frame)) return frame;
            const channels = muted.get(link) ?? new Set<string>();
            muted.set(link, channels);
            if (isMessage(frame) && random.chance(0.001)) channels.add(frame.channel);
            return channels.has(frame.channel) && (isMessage(frame) || frame.type === 'top') ? nothing : frame;
          },
        };
      },
    },
  },
  {
    name: 'epoch-ignored',
    story: 'the server takes an offset of another epoch for one of its own, and says so',
    caughtBy: ['G3', 'G2'],
    withinSeeds: 60,
    store: 'dying',
    sabotage: {
      frames: () => {
        let current = '';
        return {
          toClient: (frame) => {
            if (frame.type === 'ack' || frame.type === 'message' || frame.type === 'page') current = frame.epoch;
            return frame;
          },
          toServer: (frames) =>
            frames.map((frame) =>
              frame.type === 'subscribe' && frame.epoch !== undefined && current !== ''
                ? { ...frame, epoch: current }
                : frame,
            ),
        };
      },
    },
  },
  {
    name: 'epoch-reused',
    story: 'a store that begins anew keeps the name of the old one: positions look continuous',
    caughtBy: ['G1', 'G2', 'G3'],
    withinSeeds: 40,
    store: 'dying',
    sabotage: { makeEpoch: () => 'always-the-same' },
  },
  {
    name: 'reset-not-told',
    story: 'the client moves on after a loss without a word to the application',
    caughtBy: ['G2', 'G3'],
    withinSeeds: 40,
    sabotage: {
      subscribe: (options, handler) => {
        const { onSubscribed, onEnd, from, bufferLimit } = options;
        const deaf: Record<string, unknown> = { onSubscribed, onEnd, from, bufferLimit };
        return { options: deaf, handler };
      },
    },
  },
  {
    name: 'needless-reset',
    story: 'one subscribe in 100 is answered with `trimmed` although all is there',
    caughtBy: ['G3', 'needless'],
    withinSeeds: 100,
    sabotage: toClient((frame, random) =>
      frame.type === 'subscribed' && isOfLog(frame) && frame.offset > 0 && !frame.reset && random.chance(0.01)
        ? { ...frame, reset: 'trimmed' }
        : frame,
    ),
  },
  {
    name: 'resume-one-late',
    story: 'a resume begins one operation too late',
    caughtBy: ['G3', 'G2'],
    withinSeeds: 20,
    sabotage: {
      frames: () => ({
        toServer: (frames) =>
          frames.map((frame) =>
            frame.type === 'subscribe' && frame.offset !== undefined ? { ...frame, offset: frame.offset + 1 } : frame,
          ),
      }),
    },
  },
  {
    name: 'delivered-after-revocation',
    story: 'rights are asked once and remembered for ever',
    caughtBy: ['G7', 'liveness'],
    withinSeeds: 60,
    sabotage: {
      authority: (authority) => {
        const allowed = new Set<string>();
        return {
          authenticate: (token, info) => authority.authenticate(token, info),
          authorize: (context) => {
            const key = `${context.user} ${context.action} ${context.channel}`;
            if (allowed.has(key)) return true;
            const answer = authority.authorize?.(context) ?? true;
            if (answer === true) allowed.add(key);
            return answer;
          },
        };
      },
    },
  },
  {
    name: 'watch-begins-late',
    story: 'announcements begin a while after the watch: what falls between is never told',
    caughtBy: ['G5', 'liveness'],
    withinSeeds: 100,
    store: 'shared',
    sabotage: {
      store: (store) =>
        facade(store, {
          watch: (channel, watcher) => {
            let deaf = 3;
            return store.watch(channel, {
              ...watcher,
              announce: (epoch, op) => (deaf > 0 ? void deaf-- : watcher.announce(epoch, op)),
            });
          },
        }),
    },
  },
  {
    name: 'never-drained',
    story: 'a link that was full never says that it takes more',
    caughtBy: ['needless', 'liveness', 'G5'],
    withinSeeds: 100,
    sabotage: {
      sink: (sink) => {
        let full = false;
        return {
          ...{ wire: sink.wire, close: (code, reason) => sink.close(code, reason) },
          ...{ pause: () => sink.pause(), resume: () => sink.resume() },
          ...{ cork: () => sink.cork(), uncork: () => sink.uncork() },
          // The session waits for a `drained` that it has had.
          write: (chunk) => {
            full ||= !sink.write(chunk);
            return !full && chunk.length < 400;
          },
        };
      },
    },
  },
  {
    name: 'overrun',
    story: 'the server goes on writing to a link that takes no more',
    caughtBy: ['port'],
    withinSeeds: 60,
    sabotage: {
      sink: (sink) => ({
        ...{ wire: sink.wire, close: (code, reason) => sink.close(code, reason) },
        ...{ pause: () => sink.pause(), resume: () => sink.resume() },
        ...{ cork: () => sink.cork(), uncork: () => sink.uncork() },
        write: (chunk) => {
          sink.write(chunk);
          return true;
        },
      }),
    },
  },
];
