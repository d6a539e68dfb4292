import { defineChannels, value } from 'longwave/contract';
import { z } from 'zod';

/** The first to press. */
export const channels = defineChannels({
  'buzzer/:quiz': value({ value: z.object({ name: z.string().min(1).max(40) }) }),
});
