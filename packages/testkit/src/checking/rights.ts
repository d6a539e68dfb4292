import type { View } from '@longwave/protocol';
import type { VirtualClock } from '../virtual-clock.js';

/** Rights of each user, and since when one was withdrawn. */
export class Rights {
  readonly #clock: VirtualClock;
  readonly #denied = new Map<string, number>();
  readonly #imposed = new Map<string, { readonly view: View | undefined; readonly since: number }>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  revoke(user: string, channel: string): void {
    const key = `${user} ${channel}`;
    if (!this.#denied.has(key)) this.#denied.set(key, this.#clock.time);
  }

  grant(user: string, channel: string): void {
    this.#denied.delete(`${user} ${channel}`);
  }

  /** Withdrawn rights, as user and channel. */
  denied(): readonly (readonly [user: string, channel: string])[] {
    return [...this.#denied.keys()].map((key) => key.split(' ') as [string, string]);
  }

  allows(user: string, channel: string): boolean {
    return !this.#denied.has(`${user} ${channel}`);
  }

  /** From now on this is what the user may see of the channel; undefined: all of it. */
  impose(user: string, channel: string, view: View | undefined): void {
    this.#imposed.set(`${user} ${channel}`, { view, since: this.#clock.time });
  }

  imposed(user: string, channel: string): { readonly view: View | undefined; readonly since: number } {
    return this.#imposed.get(`${user} ${channel}`) ?? { view: undefined, since: -Infinity };
  }

  /** Since when the right is withdrawn; Infinity while it stands. */
  deniedSince(user: string, channel: string): number {
    return this.#denied.get(`${user} ${channel}`) ?? Infinity;
  }
}
