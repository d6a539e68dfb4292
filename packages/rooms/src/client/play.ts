import { type Clock, attachFeed } from '@longwave/client';
import { LongwaveError, type RulesOf, checkOptions, isPlainObject, option } from '@longwave/protocol';
import type { Entities, Kinds, RoomDefinition } from '../contract/room.js';
import type { ValuesOf } from '../contract/fields.js';
import type { RoomEvent } from '../wire/down.js';
import { type NetStats, Playing, type PredictedLogic } from './playing.js';
import { RoomSubscription } from './room-subscription.js';

/** A channel that is a room, as `client.channel(name)` returns it. */
export interface RoomChannelLike {
  readonly name: string;
  readonly presence?: {
    enter(data: never, options?: { readonly onEnd?: (error: LongwaveError) => void }): Promise<string>;
    leave(): Promise<void>;
  };
}

/** Options of {@link play}. */
export interface PlayOptions<
  E extends Kinds,
  I extends Kinds,
  S extends Entities<E>,
  Own extends keyof E & string = keyof E & string,
> {
  /** Data that the player gives of itself. Left out: it only watches. */
  readonly player?: unknown;
  /** Kind of the own entity, which has the player's id. Default: the first kind of the contract. */
  readonly own?: Own;
  /** The rules of the room: then the own inputs are seen at once. Default: they are seen when the server has answered. */
  readonly predict?: PredictedLogic<E, I, S>;
  /** Called for each event that `emit` of the server's step told, and not more than once. */
  readonly onEvent?: (event: RoomEvent) => void;
  /** Called once, when the server ends it: a right was withdrawn, or the client is closed. */
  readonly onEnd?: (error: LongwaveError) => void;
  /** Time and timers. Default: those of the host. */
  readonly clock?: Clock;
}

/** A room as it is to be drawn. The objects are the same each time: they are not to be changed or kept. */
export interface RoomPicture<E extends Kinds, Own extends keyof E = keyof E> {
  /** Everybody as they were some time ago, so that they move evenly. */
  readonly entities: Entities<E>;
  /** The own entity, ahead of the server where it is predicted. Undefined where there is none. */
  readonly own: Readonly<{ [Kind in Own]: ValuesOf<E[Kind]> }[Own]> | undefined;
}

/** A room that is played in. `Own` is the kind of the own entity. */
export interface PlayedRoom<E extends Kinds, I extends Kinds, Own extends keyof E & string = keyof E & string> {
  readonly name: string;
  /** Resolves with the first snapshot, as a player with the first that has it. Rejects with what ended it before. */
  readonly ready: Promise<void>;
  /** The own player's id, which is meant as that of its entity; undefined while it is not known, and for who only watches. */
  readonly player: number | undefined;
  /** Whether snapshots can come now. */
  readonly isLive: boolean;
  /** Acts once, at the next step. Throws `TypeError` for a kind that the room does not have. */
  input<Kind extends keyof I & string>(kind: Kind, values: ValuesOf<I[Kind]>): void;
  /** Acts at each step from now on, until called for the kind again; without values it ends. Throws as `input`. */
  hold<Kind extends keyof I & string>(kind: Kind, values?: ValuesOf<I[Kind]>): void;
  /**
   * The room to be drawn now. To be called for each frame; `renderLoop` does.
   */
  draw(): RoomPicture<E, Own>;
  readonly stats: Readonly<NetStats>;
  /** Prediction and interpolation can be switched off, to see what they do. */
  readonly shows: { prediction: boolean; interpolation: boolean };
  /** The step that the server is at, with a fraction. */
  readonly serverTick: number;
  /** Leaves for good. Harmless when repeated. */
  leave(): void;
}

const rules: RulesOf<PlayOptions<Kinds, Kinds, Entities<Kinds>>> = {
  player: option.any,
  own: option.text,
  predict: option.methods('the rules of the room', 'create', 'step'),
  onEvent: option.callback,
  onEnd: option.callback,
  clock: option.methods('a clock', 'now', 'setTimer'),
};

/** Steps are looked after this often where nothing is drawn. */
const updateMs = 16;

/**
 * Joins a room, as a player or to watch. Over another link it goes on where it was, and inputs that the server does not know are sent
 * again. Throws `wrong-mode` where this client is in the room already, `closed` when it is closed, `TypeError` on an option that cannot be.
 * @example
 * ```ts
 * import { play, real, room } from 'longwave/rooms';
 *
 * const arena = room({ entities: { player: { x: real(0, 100, 0.1) } }, inputs: { move: { dx: real(-1, 1, 0.1) } } });
 * const channels = defineChannels({ 'arena/:id': arena });
 * const client = connect<typeof channels>(url);
 * const played = play(client.channel('arena/1'), arena, { player: { name: 'Ann' } });
 * onkeydown = () => played.hold('move', { dx: 1 });
 * requestAnimationFrame(() => console.log(played.draw().entities.player));
 * ```
 */
export function play<
  E extends Kinds,
  I extends Kinds,
  S extends Entities<E>,
  Own extends keyof E & string = keyof E & string,
>(
  channel: RoomChannelLike,
  definition: RoomDefinition<E, I>,
  options: PlayOptions<E, I, S, Own> = {},
): PlayedRoom<E, I, Own> {
  return new JoinedRoom(channel, definition, options);
}

class JoinedRoom<
  E extends Kinds,
  I extends Kinds,
  S extends Entities<E>,
  Own extends keyof E & string,
> implements PlayedRoom<E, I, Own> {
  readonly name: string;
  readonly ready: Promise<void>;
  readonly #channel: RoomChannelLike;
  readonly #options: PlayOptions<E, I, S, Own>;
  readonly #playing: Playing<E, I, S>;
  readonly #subscription: RoomSubscription;
  readonly #stopUpdates: () => void;
  #ready: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  #ended = false;

  constructor(channel: RoomChannelLike, definition: RoomDefinition<E, I>, options: PlayOptions<E, I, S, Own>) {
    if (!isPlainObject(definition) || definition.mode !== 'room')
      throw new TypeError('play: the definition must be a room.');
    checkOptions('play', options, rules);
    if (options.own !== undefined && !Object.hasOwn(definition.entities, options.own))
      throw new TypeError(`play: the room has no kind '${options.own}' for own.`);
    this.name = channel.name;
    this.#channel = channel;
    this.#options = options;
    const { clock = hostClock, predict, onEvent } = options;
    this.ready = new Promise((resolve, reject) => (this.#ready = { resolve, reject }));
    // Without a handler the rejection would count as an error of the page, and onEnd tells it too.
    this.ready.catch(() => undefined);
    this.#playing = new Playing({
      ...{ definition, predict, onEvent: onEvent && ((event) => this.#subscription.tell(onEvent, event)) },
      own: options.own ?? (definition.entityLayouts[0]?.kind as keyof E & string),
      send: (message) => this.#subscription.say(message),
      now: () => clock.now(),
    });
    // First, so that the room knows the player when it makes the first snapshot.
    const entered = options.player === undefined ? undefined : this.#enter(channel, options.player);
    const playing = this.#playing;
    this.#subscription = attachFeed(channel, (context, name, onEmpty) => {
      const events = {
        onLive: () => playing.reconnected(),
        onRoom: (epoch: string) => playing.beginAnew(epoch),
        onSnapshot: (message: Uint8Array) => this.#onSnapshot(message),
        onEnd: (error: LongwaveError) => this.#end(error),
        get held() {
          return playing.held;
        },
      };
      return new RoomSubscription(context, name, onEmpty, events);
    });
    entered?.catch((error: unknown) => this.#end(error as LongwaveError));
    let timer = clock.setTimer(function update() {
      playing.update();
      timer = clock.setTimer(update, updateMs);
    }, updateMs);
    this.#stopUpdates = () => timer.cancel();
  }

  get player(): number | undefined {
    return this.#playing.player;
  }

  get isLive(): boolean {
    return this.#subscription.isLive;
  }

  get stats(): Readonly<NetStats> {
    return this.#playing.stats;
  }

  get shows(): { prediction: boolean; interpolation: boolean } {
    return this.#playing.shows;
  }

  get serverTick(): number {
    return this.#playing.serverTick;
  }

  input<Kind extends keyof I & string>(kind: Kind, values: ValuesOf<I[Kind]>): void {
    this.#playing.input(kind, values);
  }

  hold<Kind extends keyof I & string>(kind: Kind, values?: ValuesOf<I[Kind]>): void {
    this.#playing.hold(kind, values);
  }

  draw(): RoomPicture<E, Own> {
    this.#playing.update();
    // `own` is of the kind that the options say.
    return this.#playing.draw() as RoomPicture<E, Own>;
  }

  leave(): void {
    if (this.#ended) return;
    this.#finish(new LongwaveError('closed', 'Left.'));
    this.#subscription.leave();
  }

  #enter(channel: RoomChannelLike, player: unknown): Promise<string> {
    if (!channel.presence) throw new TypeError('play: the channel must be of client.channel(name).');
    return channel.presence.enter(player as never, { onEnd: (error) => this.#end(error) });
  }

  #onSnapshot(message: Uint8Array): void {
    this.#playing.receive(message);
    if (this.#options.player === undefined || this.player !== undefined) this.#ready?.resolve();
  }

  #end(error: LongwaveError): void {
    if (this.#ended) return;
    this.#finish(error);
    this.#subscription.leave();
    this.#subscription.tell(this.#options.onEnd, error);
  }

  #finish(error: LongwaveError): void {
    this.#ended = true;
    this.#stopUpdates();
    this.#ready?.reject(error);
    if (this.#options.player !== undefined) void this.#channel.presence?.leave().catch(() => undefined);
  }
}

declare const performance: { now(): number };
declare const setTimeout: (work: () => void, ms: number) => unknown;
declare const clearTimeout: (timer: unknown) => void;

/** One that nobody sets. */
const hostClock: Clock = {
  now: () => performance.now(),
  setTimer(work, ms) {
    const timer = setTimeout(work, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
