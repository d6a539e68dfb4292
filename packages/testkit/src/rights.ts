import type { VirtualClock } from './virtual-clock.js';

/** Who may read what, and since when not. */
export class Rights {
  readonly #clock: VirtualClock;
  readonly #denied = new Map<string, number>();

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

  /** Since when the right is withdrawn; Infinity while it stands. */
  deniedSince(user: string, channel: string): number {
    return this.#denied.get(`${user} ${channel}`) ?? Infinity;
  }
}
