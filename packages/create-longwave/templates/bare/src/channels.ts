import { defineChannels, log, value } from 'longwave/contract';
import { z } from 'zod';

/** The contract of server and clients. Clients import the type of it: `connect<typeof channels>(url)`. */
export const channels = defineChannels({
  'news/:topic': log({ message: z.object({ text: z.string().min(1).max(2000) }), retain: { maxCount: 1000 } }),
  visitors: value({ value: z.number() }),
});
