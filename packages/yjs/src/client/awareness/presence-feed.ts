import type { Clock, MapWatch } from '@longwave/client';
import { LongwaveError, type MapChange, type Member } from '@longwave/protocol';
import { type MemberStates, statesOf } from '../../format/member-states.js';
import type { DocumentChannel } from '../document-channel.js';
import { rateFor } from './cursor-rate.js';
import { Speakers } from '../../format/speakers.js';

/** Is told of the Yjs clients whose state may have changed. */
export type PresenceListener = (clients: Iterable<number>) => void;

/** A member changes at most so often, and seldom more often than others are shown it. */
const minSpacingMs = 50;
const firstRate = 20;

/**
 * The members of a document, as states of Yjs clients. All that are bound to the document over one client are one member of it, which
 * speaks for all of them.
 */
export class PresenceFeed {
  readonly #channel: DocumentChannel;
  readonly #clock: Pick<Clock, 'setTimer'>;
  readonly #onEmpty: () => void;
  readonly #listeners = new Set<PresenceListener>();
  readonly #speakers = new Speakers();
  /** Bytes of each member's JSON. */
  readonly #sizes = new Map<string, number>();
  #bytes = 0;
  #rate = firstRate;
  #watch: MapWatch<Member<unknown>> | undefined;
  /** States of the Yjs clients here. */
  readonly #own = new Map<number, object>();
  #said = '';
  #busy = false;
  #isHidden = false;
  /** The channel has no members, or none that this client may be. */
  #isRefused = false;

  constructor(channel: DocumentChannel, clock: Pick<Clock, 'setTimer'>, onEmpty: () => void) {
    this.#channel = channel;
    this.#clock = clock;
    this.#onEmpty = onEmpty;
  }

  stateOf(client: number): object | undefined {
    return this.#own.has(client) ? undefined : this.#speakers.stateOf(client);
  }

  clients(): Iterable<number> {
    return this.#speakers.clients();
  }

  join(listener: PresenceListener): void {
    this.#listeners.add(listener);
    this.#follow();
  }

  leave(listener: PresenceListener): void {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    this.#watch?.unsubscribe();
    this.#watch = undefined;
    this.#onEmpty();
  }

  /** Says the state of a Yjs client here. Undefined: it is gone. */
  say(client: number, state: object | undefined): void {
    if (state) this.#own.set(client, state);
    else this.#own.delete(client);
    this.#say();
  }

  /** There is another connection: whoever was refused may have got the right. */
  retry(): void {
    this.#isRefused = false;
    if (this.#listeners.size > 0) this.#follow();
    this.#say();
  }

  /** The page is left, or comes back. */
  hide(isHidden: boolean): void {
    this.#isHidden = isHidden;
    this.#say();
  }

  #follow(): void {
    const { presence } = this.#channel;
    this.#watch ??= presence.watch({ rate: this.#rate, onEnd: () => this.#onEnd() }, (members, change) =>
      this.#onChange(members, change),
    );
  }

  #say(): void {
    const says: MemberStates = { clients: this.#isHidden ? {} : Object.fromEntries(this.#own) };
    const text = this.#isHidden || this.#own.size === 0 ? '' : JSON.stringify(says);
    if (text === this.#said || (text !== '' && (this.#busy || this.#isRefused))) return;
    this.#said = text;
    if (text === '') return void this.#channel.presence.leave();
    this.#busy = true;
    // A later change goes with the next one. Without a connection it waits until there is one.
    // As y-protocols sends it: editors say positions, which are objects of a class.
    void this.#enter(JSON.parse(text) as MemberStates).then(() => {
      this.#clock.setTimer(
        () => {
          this.#busy = false;
          this.#say();
        },
        Math.max(minSpacingMs, 500 / this.#rate),
      );
    });
  }

  async #enter(says: MemberStates): Promise<void> {
    try {
      await this.#channel.presence.enter(says, { onEnd: (error) => this.#onRefused(error) });
    } catch (error) {
      this.#onRefused(error);
    }
  }

  #onRefused(error: unknown): void {
    const { code } = error instanceof LongwaveError ? error : new LongwaveError('internal');
    // Left meanwhile, or the next state may be smaller. Any other refusal would come again.
    if (code === 'closed') return;
    this.#said = '';
    this.#isRefused = code !== 'too-large' && code !== 'invalid-data';
  }

  #onEnd(): void {
    this.#watch = undefined;
    this.#forget([...this.#sizes.keys()]);
  }

  #onChange(
    members: ReadonlyMap<string, Member<unknown>>,
    { added, updated, removed }: MapChange<Member<unknown>>,
  ): void {
    const touched = new Set<number>();
    for (const key of [...added, ...updated]) {
      const { data } = members.get(key)!;
      const { user, version } = this.#watch?.entry(key) ?? { user: undefined, version: 0 };
      this.#measure(key, JSON.stringify(data ?? null).length);
      for (const client of this.#speakers.set(key, { user, version, states: statesOf(data) })) touched.add(client);
    }
    this.#tellAll(touched);
    this.#forget(removed.map(({ key }) => key));
    this.#adaptRate();
  }

  #forget(keys: readonly string[]): void {
    const touched = new Set<number>();
    for (const key of keys) {
      this.#measure(key, undefined);
      for (const client of this.#speakers.set(key, undefined)) touched.add(client);
    }
    this.#tellAll(touched);
  }

  #tellAll(touched: ReadonlySet<number>): void {
    if (touched.size > 0) for (const listener of [...this.#listeners]) listener(touched);
  }

  #measure(key: string, bytes: number | undefined): void {
    this.#bytes += (bytes ?? 0) - (this.#sizes.get(key) ?? 0);
    if (bytes === undefined) this.#sizes.delete(key);
    else this.#sizes.set(key, bytes);
  }

  #adaptRate(): void {
    const rate = rateFor(this.#sizes.size, this.#bytes, this.#rate);
    if (rate === this.#rate) return;
    this.#rate = rate;
    this.#watch?.setView({ rate });
  }
}
