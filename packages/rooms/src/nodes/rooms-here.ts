import type { AskedRoom } from '@longwave/core';
import type { Entities, Kinds } from '../contract/room.js';
import type { RoomFeed } from '../server/room-feed.js';
import type { Checkpoint } from './checkpoints.js';
import type { Placed } from './directory.js';

export type AnyFeed = RoomFeed<Kinds, Kinds, Entities<Kinds>>;

/** The rooms that this node steps. */
export interface RoomsHere {
  /** By name. */
  readonly feeds: ReadonlyMap<string, AnyFeed>;
  /** Makes the room here. Throws what refuses it. */
  make(asked: AskedRoom, options: unknown, kept: Checkpoint | undefined): AnyFeed;
  /** It goes on elsewhere, or does not: everybody is told to ask anew. */
  end(name: string): void;
  describe(name: string): Pick<Placed, 'players' | 'maxPlayers' | 'about'>;
}
