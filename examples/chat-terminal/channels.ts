// #region teach:home-contract
import { defineChannels, log } from 'longwave/contract';
import { z } from 'zod';

// Shared by both programs: the server checks what it says, the client takes its types from it.
export const channels = defineChannels({
  'chat/:room': log({ message: z.object({ text: z.string().min(1).max(2000) }), retain: { maxCount: 1000 } }),
});
// #endregion
