import type { Operation } from '@longwave/protocol';
import { type PlantedBug, isMessage, nothing, toClient } from './plant.js';

/** Bugs between the store and the application: in a link, or in the client. */
export const plantedLinkBugs: readonly PlantedBug[] = [
  {
    name: 'handler-stops-dispatch',
    story: 'after a handler has thrown, its subscription gets no more of the same message',
    caughtBy: ['G2', 'liveness', 'G5', 'G6'],
    withinSeeds: 40,
    sabotage: {
      subscribe: (options, handler) => {
        if (!handler) return { options, handler };
        let skipTo = 0;
        const skipping = (data: unknown, meta: Parameters<typeof handler>[1]): void => {
          if (meta.offset < skipTo) return;
          try {
            handler(data, meta);
          } catch (error) {
            skipTo = meta.offset + 2;
            throw error;
          }
        };
        return { options, handler: skipping };
      },
    },
  },
  {
    name: 'publish-reordered',
    story: 'two publishes of one message are handled in the wrong order, by a server that does not look at `after`',
    caughtBy: ['order'],
    withinSeeds: 60,
    store: 'shared',
    sabotage: {
      frames: () => ({
        toServer: (frames) => {
          const result = frames.map((frame) => (frame.type === 'publish' ? { ...frame, after: undefined } : frame));
          const at = result.findIndex((frame, i) => {
            const next = result[i + 1];
            return frame.type === 'publish' && next?.type === 'publish' && frame.channel === next.channel;
          });
          if (at >= 0) result.splice(at, 2, result[at + 1]!, result[at]!);
          return result;
        },
      }),
    },
  },
  {
    name: 'ack-lost',
    story: 'one ack in 1,000 is never sent',
    caughtBy: ['liveness'],
    withinSeeds: 300,
    sabotage: toClient((frame, random) => (frame.type === 'ack' && random.chance(0.001) ? nothing : frame)),
  },
  {
    name: 'timer-left-behind',
    story: 'one timer in 500 of the client cannot be cancelled',
    caughtBy: ['leak', 'needless'],
    withinSeeds: 100,
    sabotage: {
      clientClock: (clock, random) => ({
        now: () => clock.now(),
        setTimer: (callback, delayMs) => {
          const timer = clock.setTimer(callback, delayMs);
          return random.chance(0.002) ? { cancel: () => undefined } : timer;
        },
      }),
    },
  },
  {
    name: 'message-doubled',
    story: 'every message repeats the operation before it: the client drops what it has seen (MSG-1)',
    caughtBy: undefined,
    withinSeeds: 30,
    sabotage: {
      frames: () => {
        const last = new WeakMap<object, Map<string, { offset: number; epoch: string; op: Operation }>>();
        return {
          toClient: (frame, link) => {
            if (!isMessage(frame)) return frame;
            const known = last.get(link) ?? new Map<string, { offset: number; epoch: string; op: Operation }>();
            last.set(link, known);
            const before = known.get(frame.channel);
            const op = frame.ops.at(-1);
            if (op) known.set(frame.channel, { offset: frame.offset + frame.ops.length - 1, epoch: frame.epoch, op });
            if (before?.offset !== frame.offset - 1 || before.epoch !== frame.epoch) return frame;
            return { ...frame, offset: before.offset, ops: [before.op, ...frame.ops] };
          },
        };
      },
    },
  },
  {
    name: 'resume-one-early',
    story: 'a resume repeats the last operation: the client drops what it has seen (MSG-1)',
    caughtBy: undefined,
    withinSeeds: 30,
    sabotage: {
      frames: () => {
        // Messages that were truly delivered. At the floor of a log the reset would be a true one.
        const delivered = new Map<string, number>();
        return {
          toClient: (frame) => {
            if (isMessage(frame)) delivered.set(frame.epoch + frame.channel, frame.offset);
            return frame;
          },
          toServer: (frames) =>
            frames.map((frame) => {
              if (frame.type !== 'subscribe' || frame.offset === undefined || !frame.channel.startsWith('chat'))
                return frame;
              const known = delivered.get(`${frame.epoch}${frame.channel}`) ?? 0;
              return frame.offset > 0 && frame.offset <= known ? { ...frame, offset: frame.offset - 1 } : frame;
            }),
        };
      },
    },
  },
];
