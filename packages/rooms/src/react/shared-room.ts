import { clientOf } from '@longwave/client';
import { LongwaveError } from '@longwave/protocol';
import { type PlayOptions, type PlayedRoom, type RoomChannelLike, play } from '../client/play.js';
import type { Entities, Kinds, RoomDefinition } from '../contract/room.js';
import type { RoomEvent } from '../wire/down.js';

/** A room as a component shows it. */
export type UseRoomResult<E extends Kinds, I extends Kinds, Own extends keyof E & string = keyof E & string> =
  /** Nothing of the room has come yet. */
  | { readonly state: 'joining'; readonly room: undefined; readonly error: undefined }
  /** It is there: to be drawn, and to be acted in. Without a connection it stands still, and stays. */
  | { readonly state: 'joined'; readonly room: PlayedRoom<E, I, Own>; readonly error: undefined }
  /** It was refused, or the server ended it. */
  | { readonly state: 'ended'; readonly room: undefined; readonly error: LongwaveError };

/** The way in which a room is played. Two that are equal share it. */
export interface Way {
  readonly definition: RoomDefinition;
  readonly options: Omit<PlayOptions<Kinds, Kinds, Entities<Kinds>, string>, 'onEvent' | 'onEnd'>;
}

export type Shown = UseRoomResult<Kinds, Kinds, string>;

export interface RoomListener {
  onChange(): void;
  onEvent(event: RoomEvent): void;
}

export const joining: Shown = { state: 'joining', room: undefined, error: undefined };

/** A room that components show: played while one of them is mounted. */
export class SharedRoom {
  readonly #way: Way;
  readonly #drop: () => void;
  readonly #listeners = new Set<RoomListener>();
  #played: PlayedRoom<Kinds, Kinds> | undefined;
  #isOpen = false;
  shown: Shown = joining;

  constructor(way: Way, drop: () => void) {
    this.#way = way;
    this.#drop = drop;
  }

  get isUsed(): boolean {
    return this.#listeners.size > 0;
  }

  isPlayed({ definition, options }: Way): boolean {
    const own = this.#way;
    return own.definition === definition && isSame(own.options, options);
  }

  /** It outlives a listener that comes back at once, as with Strict Mode's second mount. */
  subscribe(channel: RoomChannelLike, listener: RoomListener): () => void {
    this.#listeners.add(listener);
    if (!this.#isOpen) this.#open(channel);
    return () => {
      this.#listeners.delete(listener);
      queueMicrotask(() => {
        if (!this.isUsed) this.close();
      });
    };
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#drop();
    this.#played?.leave();
  }

  #open(channel: RoomChannelLike): void {
    this.#isOpen = true;
    try {
      const { definition, options } = this.#way;
      const played = play(channel, definition, {
        ...options,
        onEvent: (event) => {
          for (const listener of [...this.#listeners]) listener.onEvent(event);
        },
        onEnd: (error) => this.#show({ state: 'ended', room: undefined, error }),
      });
      this.#played = played;
      played.ready.then(
        () => this.#show({ state: 'joined', room: played, error: undefined }),
        // `onEnd` tells it.
        () => undefined,
      );
    } catch (error) {
      // The client is closed, or is in the room by other means.
      if (!(error instanceof LongwaveError)) throw error;
      this.#show({ state: 'ended', room: undefined, error });
    }
  }

  #show(shown: Shown): void {
    if (!this.#isOpen || this.shown.state === 'ended') return;
    this.shown = shown;
    for (const listener of [...this.#listeners]) listener.onChange();
  }
}

const rooms = new WeakMap<object, Map<string, SharedRoom>>();

/**
 * The room of this name over the channel's client. One that nobody shows any more, and that was played in another way, is left first. Where it
 * is shown in another way now, the new one ends with `wrong-mode`, as `play` says.
 */
export function sharedRoomOf(channel: RoomChannelLike, way: Way): SharedRoom {
  const owner = clientOf(channel) ?? channel;
  const named = rooms.get(owner) ?? new Map<string, SharedRoom>();
  rooms.set(owner, named);
  const known = named.get(channel.name);
  if (known?.isPlayed(way)) return known;
  if (known && !known.isUsed) known.close();
  const room: SharedRoom = new SharedRoom(way, () => {
    if (named.get(channel.name) === room) named.delete(channel.name);
  });
  if (!named.has(channel.name)) named.set(channel.name, room);
  return room;
}

function isSame(a: Way['options'], b: Way['options']): boolean {
  const { player: mine, ...ours } = a;
  const { player: theirs, ...others } = b;
  const names = new Set([...Object.keys(ours), ...Object.keys(others)]) as Set<keyof typeof ours>;
  return JSON.stringify(mine) === JSON.stringify(theirs) && [...names].every((name) => ours[name] === others[name]);
}

declare const queueMicrotask: (work: () => void) => void;
