import { defineChannels, log, signal } from 'longwave/contract';
import { z } from 'zod';

/** The contract of server and page. */
export const channels = defineChannels({
  'chat/:room': log({
    message: z.object({ text: z.string().min(1).max(2000) }),
    retain: { maxCount: 10_000, age: '30d' },
    presence: z.object({ name: z.string().max(40) }),
  }),
  'typing/:room': signal({ message: z.boolean() }),
});
