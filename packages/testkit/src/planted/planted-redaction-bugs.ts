import type { Operation } from '@longwave/protocol';
import type { PlantedBug } from './plant.js';

/** Bugs of redaction. */
export const plantedRedactionBugs: readonly PlantedBug[] = [
  {
    name: 'redacted-data-remembered',
    story: 'a node gives data that was taken, since it remembers it',
    caughtBy: ['redaction', 'G2'],
    withinSeeds: 40,
    store: 'shared',
    sabotage: {
      frames: () => {
        const remembered = new Map<string, Operation>();
        return {
          toClient: (frame) => {
            // Inboxes have one name for all users.
            if ((frame.type !== 'message' && frame.type !== 'page') || frame.channel === '@me') return frame;
            const ops = frame.ops.map((op) => {
              const place = `${frame.epoch} ${frame.channel} ${op.offset}`;
              if (op.kind === undefined) remembered.set(place, op);
              return op.kind === 'redacted' ? (remembered.get(place) ?? op) : op;
            });
            return { ...frame, ops };
          },
        };
      },
    },
  },
  {
    name: 'redaction-not-told',
    story: 'the client moves on past a redaction without a word to the application, which goes on showing the message',
    caughtBy: ['redaction', 'G2', 'liveness'],
    withinSeeds: 40,
    sabotage: {
      subscribe: (options, handler) => ({ options: { ...options, onRedact: () => undefined }, handler }),
    },
  },
];
