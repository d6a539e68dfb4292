import { defineChannels, log } from 'longwave/contract';
import { z } from 'zod';

export const channels = defineChannels({ news: log({ message: z.object({ text: z.string() }) }) });
