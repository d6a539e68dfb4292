import { type Asked, type ChannelFrame, type Context, WireSubscription, call } from '@longwave/client';
import { LongwaveError, type ResetReason, type Subscribed } from '@longwave/protocol';

/** Events of a room's subscription. */
export interface RoomEvents {
  /** It stands, on this link or another one. */
  onLive(): void;
  /** It is a room of this epoch from now on: nothing of one before by the same name is true. */
  onRoom(epoch: string): void;
  readonly onSnapshot: (message: Uint8Array) => void;
  onEnd(error: LongwaveError): void;
  /** Tick of the last snapshot, 0 for none. */
  readonly held: number;
}

/** The subscription to a room: snapshots down, inputs up. */
export class RoomSubscription extends WireSubscription {
  readonly #events: RoomEvents;
  #epoch: string | undefined;
  /** False while it is asked for anew: acts that went first would overtake those that are sent again then. */
  #stands = false;

  constructor(context: Context, channel: string, onEmpty: () => void, events: RoomEvents) {
    super(context, channel, onEmpty);
    this.#events = events;
  }

  /** Over requests it is asked for again and again, and stands all the same. */
  get isLive(): boolean {
    return this.asking && this.#stands;
  }

  /** Sends the player's acts, if there is a link. Lost ones are sent again with the next. */
  say(data: Uint8Array): void {
    const { sender } = this.context;
    if (this.isLive && sender.open) sender.send({ type: 'input', channel: this.channel, data });
  }

  /** Calls what the application gave: what it throws or rejects with is reported, and stops nothing (CLI-4). */
  tell<Told>(callback: ((told: Told) => unknown) | undefined, told: Told): void {
    call(this.context.ports, callback, told);
  }

  leave(): void {
    this.finish();
  }

  override end(error: LongwaveError): void {
    this.#events.onEnd(error);
  }

  protected override get resumable(): boolean {
    return this.#epoch !== undefined;
  }

  protected override get asked(): Asked {
    const { held } = this.#events;
    // A snapshot has come only of a room whose epoch was told.
    return held > 0 ? { epoch: this.#epoch!, offset: held } : {};
  }

  protected override ask(quiet = false): void {
    this.#stands = quiet;
    super.ask(quiet);
  }

  protected override onSubscribed({ epoch }: Subscribed, quiet: boolean): void {
    const isOther = this.#epoch !== epoch;
    this.#epoch = epoch;
    this.#stands = true;
    if (isOther) this.#events.onRoom(epoch);
    if (!quiet) this.#events.onLive();
  }

  protected override receive(frame: ChannelFrame): void {
    if (frame.type === 'reset') return this.#onReset(frame.reason);
    if (frame.type !== 'snapshot' || !(frame.data instanceof Uint8Array)) return;
    this.failures = 0;
    // It runs what the application gave: its rules and its handlers.
    call(this.context.ports, this.#events.onSnapshot, frame.data);
  }

  /** The room was made anew, or the right to see it was withdrawn. */
  #onReset(reason: ResetReason): void {
    if (reason === 'revoked') this.endRefused();
    else this.onGap('The room begins anew.');
  }
}
