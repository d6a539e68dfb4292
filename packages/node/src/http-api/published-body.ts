import type { Durability, Published } from '@longwave/protocol';

/** The API's answer to a publish and to a change: the position's members stand beside the rest. */
export interface PublishedBody {
  readonly epoch: string;
  readonly offset: number;
  readonly duplicate: boolean;
  readonly durability: Durability;
}

export function publishedBody({ position, duplicate, durability }: Published): PublishedBody {
  return { ...position, duplicate, durability };
}
