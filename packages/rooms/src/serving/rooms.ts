import type { RoomHost } from '@longwave/core';
import type { CreateRoom } from '../lobby/create-room.js';
import type { MatchQueue, QueueOptions } from '../lobby/queue.js';
import type { Recording } from '../server/recording.js';

/** A room of this node, for lists and panels. */
export interface RoomInfo {
  readonly name: string;
  readonly players: number;
  /** The last step that was made. */
  readonly tick: number;
}

/** A room of any node. */
export interface FoundRoom {
  readonly name: string;
  /** Its name in the contract, such as `arena/:id`, and the parameters of that. */
  readonly pattern: string;
  readonly params: Readonly<Record<string, string>>;
  /** Id of the node that steps it. */
  readonly node: string;
  /** As they were up to a second ago. */
  readonly players: number;
  readonly maxPlayers: number;
  /** JSON that it was made with. */
  readonly options?: unknown;
  /** JSON that its rules tell of it. */
  readonly about?: unknown;
}

/** Choice of {@link Rooms.find}. */
export interface FindRooms {
  /** Rooms of this name in the contract. Default: all. */
  readonly pattern?: string;
  /** Default: all. */
  readonly where?: (room: FoundRoom) => boolean;
  /** Default 100. */
  readonly limit?: number;
}

/** The rooms of a server. */
export interface Rooms extends RoomHost {
  /** The rooms that are open on this node. */
  list(): readonly RoomInfo[];
  /**
   * The rooms of all nodes, as this one knows them: the fullest first that have a place left, then those that have none. Without
   * `relay` in the store, those of this node.
   */
  find(query?: FindRooms): readonly FoundRoom[];
  /**
   * Makes a room on the node that has the fewest players, and resolves with its name, to be played in by anybody who has the right.
   * Rejects with `unavailable` while the store is away, with `conflict` where the name is taken, and with what refuses a room.
   */
  create(pattern: string, given?: CreateRoom): Promise<string>;
  /**
   * A queue of players who wait for a game, shared by all nodes that have one by this name. Those come together whose ratings lie within
   * `spread`, which grows while they wait. Throws `TypeError` for an option that cannot be, and for a name that is taken here.
   */
  queue(name: string, options: QueueOptions): MatchQueue;
  /** All that has happened so far in a room of this node, for `replay`. Undefined: it is not here, or `record` was not asked for. */
  recording(name: string): Recording | undefined;
}
