import { type Channels, type RoomChannelDefinition, isRoom } from '@longwave/protocol';
import type { Clock, Logger, MakeId, Relay, Store } from '../base/ports.js';
import type { Timers } from '../base/timers.js';
import type { MaybePromise } from '../base/maybe-promise.js';
import type { Registry } from '../channels/registry.js';
import type { Source } from '../delivery/subscription.js';
import type { Listening } from '../listening/listening.js';

/** The parts of an engine that a host of rooms uses. */
export interface RoomEngine {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly random: () => number;
  readonly makeId: MakeId;
  /** Id of this node. */
  readonly node: string;
  /** Keeps which node has which room, and checkpoints. Rejects with `unavailable` while it is away. */
  readonly store: Pick<Store, 'append' | 'read' | 'durability'>;
  /** The room of this name in the contract. Undefined: it is none. */
  readonly resolve: (name: string) => AskedRoom | undefined;
  /** The way to the other nodes. Undefined: there are none. */
  readonly relay: Relay | undefined;
  /** Follows the members of rooms, who are the players, and what nodes keep for themselves. */
  readonly listening: Pick<Listening, 'watch' | 'watchOwn'>;
}

/** A room that is asked for. */
export interface AskedRoom {
  readonly name: string;
  /** Its name in the contract, such as `arena/:id`. */
  readonly pattern: string;
  readonly params: Readonly<Record<string, string>>;
  readonly definition: RoomChannelDefinition;
}

/** A room as it is subscribed to. */
export interface RoomSource extends Source {
  /** A subscription that was to begin does not: it was refused after the room was found. */
  letGo(): void;
}

/**
 * Steps the rooms of a node: `serveRooms` of `longwave/rooms/server`. An error that it throws or rejects with is the answer to who asked; no
 * argument may end it.
 */
export interface RoomHost {
  /** Called once, before anything else. */
  start(engine: RoomEngine): void;
  /** The room as it is subscribed to, made where there is none. A subscription to it begins, or it is let go of. */
  open(room: AskedRoom): MaybePromise<RoomSource>;
  /** A player says what it does. Left out where they are no player of a room that is here. Throws for what is no message of a player. */
  input(name: string, player: string, data: Uint8Array): void;
  /** The node is about to go: hands its rooms to others, with all that is in them. */
  drain(): MaybePromise<void>;
  close(): MaybePromise<void>;
}

/** Starts the host, which finds its rooms in the contract by their names. */
export function startRooms(host: RoomHost | undefined, registry: Registry, parts: Omit<RoomEngine, 'resolve'>): void {
  const resolve = (name: string): AskedRoom | undefined => {
    const { pattern = '', params = {}, definition } = registry.resolve(name) ?? {};
    return definition && isRoom(definition) ? { name, pattern, params, definition } : undefined;
  };
  host?.start({ ...parts, resolve });
}

/** Throws `TypeError` where the contract has rooms and nothing steps them. */
export function requireRooms(channels: Channels, rooms: RoomHost | undefined): void {
  const [name] = Object.entries(channels).find(([, definition]) => isRoom(definition)) ?? [];
  if (name === undefined || rooms) return;
  throw new TypeError(`'${name}' is a room: give the server \`rooms: serveRooms(...)\`, of longwave/rooms/server.`);
}
