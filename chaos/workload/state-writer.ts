import type { Position } from '@longwave/protocol';
import { LongwaveError } from 'longwave';
import type { ClientsConfig, Written } from '../processes/messages.js';
import type { Collector } from './collector.js';
import { type User, dial } from './dial.js';

const pauseMs = 150;

interface Entry {
  acked: number;
  ackedAt: Position | undefined;
  tried: number;
}

/** Writes rising numbers to entries that nobody else writes to: one after the other, so that none overtakes another. */
export class StateWriter {
  readonly #collector: Collector;
  readonly #client: User;
  readonly #entries = new Map<string, Entry>();
  readonly #targets: readonly (readonly [channel: string, key: string])[];
  #running = true;

  constructor(config: ClientsConfig, collector: Collector) {
    this.#collector = collector;
    this.#client = dial(config, collector, `writer${config.index}`, 'auto').client;
    const { boards, scores } = collector.layout;
    this.#targets = [
      ...boards.flatMap((board) => [0, 1, 2, 3].map((i) => [board, `w${config.index}-${i}`] as const)),
      // A value has one writer.
      ...scores.filter((_, i) => i % config.processes === config.index).map((score) => [score, ''] as const),
    ];
  }

  get written(): readonly Written[] {
    return this.#targets.flatMap(([channel, key]) => {
      const entry = this.#entries.get(`${channel} ${key}`);
      return entry ? [{ channel, key, ...entry }] : [];
    });
  }

  start(): void {
    for (const [channel, key] of this.#targets) void this.#write(channel, key);
  }

  stop(): void {
    this.#running = false;
  }

  close(): void {
    this.#client.close();
  }

  async #write(channel: string, key: string): Promise<void> {
    const entry: Entry = { acked: 0, ackedAt: undefined, tried: 0 };
    this.#entries.set(`${channel} ${key}`, entry);
    const collector = this.#collector;
    while (this.#running) {
      entry.tried++;
      const value = entry.tried;
      collector.inflight++;
      collector.interval.published++;
      try {
        const { position } =
          key === ''
            ? await this.#client.channel(channel as `score/x`).set(value)
            : await this.#client.channel(channel as `board/x`).put(key, value);
        entry.acked = value;
        entry.ackedAt = position;
        collector.interval.acked++;
      } catch (error) {
        collector.count('rejected', error instanceof LongwaveError ? error.code : String(error));
      }
      collector.inflight--;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
