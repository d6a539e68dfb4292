import type { LedgerEntry } from '../checking/ledger.js';
import type { World } from './world.js';

/**
 * G5: over a link that is well, the last operation of a channel that fell quiet is there, or is noticed
 * and read, within 2 s.
 */
export class QuietChannels {
  readonly #world: World;
  readonly #last = new Map<string, LedgerEntry>();

  constructor(world: World) {
    this.#world = world;
  }

  onAppend(entry: LedgerEntry): void {
    const { clock } = this.#world;
    const waiting = this.#last.has(entry.channel);
    this.#last.set(entry.channel, entry);
    if (!waiting) clock.after(this.#boundMs, () => this.#look(entry.channel));
  }

  /** 2 s, the way of the message, and of a store that answers later. */
  get #boundMs(): number {
    const { latencyMs, jitterMs, storeDelayMs, store } = this.#world.profile;
    const isRemote = store === 'remote' || store === 'lossy';
    return 2050 + 4 * (1.5 * latencyMs + jitterMs) + (isRemote ? 1000 + 12 * storeDelayMs : 0);
  }

  #look(channel: string): void {
    const { clock, cluster, checker } = this.#world;
    const entry = this.#last.get(channel)!;
    const dueAt = entry.at + this.#boundMs;
    if (dueAt > clock.time) return void clock.at(dueAt, () => this.#look(channel));
    this.#last.delete(channel);
    if (cluster.store.epoch !== entry.epoch || this.#isFailing()) return;
    for (const client of this.#world.clients) {
      for (const { monitor } of client.held) {
        if (monitor.channel !== channel || !this.#isWell(client, monitor.caughtUpAt, entry.at)) continue;
        if (monitor.state !== 'open' || monitor.iterated) continue;
        const { cursor } = monitor;
        const noticed = cursor?.epoch === entry.epoch && cursor.offset >= entry.offset;
        checker.expect(noticed, 'G5', `${client.name} ${channel}`, () => {
          return `offset ${entry.offset} is not there ${Math.round(this.#boundMs)} ms after it was stored`;
        });
      }
    }
  }

  #isFailing(): boolean {
    const { profile, cluster } = this.#world;
    const isRemote = profile.store === 'remote' || profile.store === 'lossy';
    return isRemote && profile.storeFailures > 0 && cluster.faulty;
  }

  /** Subscribed and connected since before, and nothing troubled the client, the link or the node since. */
  #isWell({ link, host, status, user }: World['clients'][number], caughtUpAt: number, since: number): boolean {
    if (!link || status !== 'connected' || this.#world.rights.denied().some(([denied]) => denied === user))
      return false;
    // A subscription that lagged reads on for a while.
    const settledMs = 3000;
    const begun = Math.max(caughtUpAt, link.acceptedAt, link.troubledAt, host.troubledAt) + settledMs;
    return begun < since && (link.serverHost?.troubledAt ?? Infinity) + settledMs < since;
  }
}
