import { defineChannels, map } from 'longwave/contract';
import { z } from 'zod';

/** A plane of `size` by `size`. Put your coordinates in its place: any two numbers will do. */
export const vehicle = z.object({
  x: z.number(),
  y: z.number(),
  status: z.enum(['free', 'busy']),
});

export type Vehicle = z.infer<typeof vehicle>;

/** The contract of server and page. */
export const channels = defineChannels({
  fleet: map({ value: vehicle, maxKeys: 10_000 }),
});
