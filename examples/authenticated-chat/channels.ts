import { defineChannels, log } from 'longwave/contract';
import { z } from 'zod';

export const channels = defineChannels({
  'chat/:room': log({ message: z.object({ text: z.string().min(1).max(2000) }), retain: { maxCount: 1000 } }),
});
