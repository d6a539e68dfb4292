import type { MapWatch, ValueWatch } from 'longwave/client';
import { Lineage } from '../checker/lineage.js';
import { at } from '../checker/subscription-check.js';
import type { ClientsConfig, EndState, Written } from '../processes/messages.js';
import type { Collector } from './collector.js';
import { type User, dial } from './dial.js';

/** Watches every channel with state, and that what it shows of an entry never goes back without a reset. */
export class StateWatcher {
  readonly #collector: Collector;
  readonly #client: User;
  readonly #name: string;
  readonly #lineage = new Lineage();
  readonly #boards: ReadonlyMap<string, MapWatch<unknown>>;
  readonly #scores: ReadonlyMap<string, ValueWatch<unknown>>;
  readonly #lobbies: ReadonlyMap<string, MapWatch<unknown>>;
  readonly #latest = new Map<string, number>();

  constructor(
    config: ClientsConfig,
    collector: Collector,
    name: string,
    transport: ClientsConfig['transports'][number],
  ) {
    this.#collector = collector;
    this.#name = name;
    this.#client = dial(config, collector, name, transport).client;
    const { boards, scores, lobbies } = collector.layout;
    this.#boards = new Map(boards.map((channel) => [channel, this.#watchBoard(channel)]));
    this.#scores = new Map(scores.map((channel) => [channel, this.#watchScore(channel)]));
    this.#lobbies = new Map(
      lobbies.map((channel) => [channel, this.#client.channel(channel as 'lobby/x').presence.watch()]),
    );
  }

  reconnect(): void {
    this.#client.reconnect();
  }

  close(): void {
    this.#client.close();
  }

  /** Lists everything that is not as it should be at the end. */
  differences({ written, members }: EndState): string[] {
    return [
      ...written.flatMap((each) => this.#entryDifference(each) ?? []),
      ...[...members].flatMap(([lobby, due]) => {
        const there = [...this.#lobbies.get(lobby)!.getSnapshot().values()]
          .map((member) => String((member as { readonly data: unknown }).data))
          .toSorted();
        return there.join() === due.join()
          ? []
          : [
              `${lobby} has ${there.length} members (missing: ${without(due, there)}; too many: ${without(there, due)})`,
            ];
      }),
    ];
  }

  #entryDifference({ channel, key, acked, ackedAt, tried }: Written): string | undefined {
    const watch = this.#boards.get(channel) ?? this.#scores.get(channel)!;
    const { position } = watch;
    if (!position) return `${channel} has no position`;
    this.#lineage.learn(position.epoch);
    const shown = this.#boards.has(channel)
      ? this.#boards.get(channel)!.getSnapshot().get(key)
      : this.#scores.get(channel)!.getSnapshot();
    const survives = ackedAt && this.#lineage.relation(ackedAt, position.epoch) === 'continues';
    const value = typeof shown === 'number' ? shown : 0;
    if (value > tried) return `${channel} ${key} is ${value}, and only ${tried} was written`;
    if (survives && value < acked)
      return `${channel} ${key} is ${value}, and ${acked} was acknowledged at ${at(ackedAt)}`;
    return undefined;
  }

  #watchBoard(channel: string): MapWatch<unknown> {
    return this.#client
      .channel(channel as 'board/x')
      .watch({ onReset: (reset) => this.#onReset(channel, reset.reason) }, (entries, { added, updated }) => {
        for (const key of [...added, ...updated]) this.#see(channel, key, entries.get(key));
      });
  }

  #watchScore(channel: string): ValueWatch<unknown> {
    return this.#client
      .channel(channel as 'score/x')
      .watchValue({ onReset: (reset) => this.#onReset(channel, reset.reason) }, (value) =>
        this.#see(channel, '', value),
      );
  }

  #onReset(channel: string, reason: string): void {
    this.#collector.count('resets', `${reason} (state)`);
    for (const key of this.#latest.keys()) if (key.startsWith(`${channel} `)) this.#latest.delete(key);
  }

  #see(channel: string, key: string, value: unknown): void {
    this.#collector.interval.delivered++;
    if (typeof value !== 'number') return;
    const name = `${channel} ${key}`;
    const before = this.#latest.get(name) ?? 0;
    if (value < before) {
      const message = `${key} went from ${before} back to ${value} without a reset`;
      this.#collector.violations.report('wrong-state', `${channel} ${this.#name}`, message);
    }
    this.#latest.set(name, value);
  }
}

function without(names: readonly string[], others: readonly string[]): string {
  const rest = [...others];
  const left = names.filter((each) => {
    const i = rest.indexOf(each);
    if (i >= 0) rest.splice(i, 1);
    return i < 0;
  });
  return left.slice(0, 5).join(', ') || 'none';
}
