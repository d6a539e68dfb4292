import { randomBytes } from 'node:crypto';
import { LongwaveError, type Operation, breakOf } from '@longwave/protocol';
import type { Appended, Store } from '@longwave/core';
import { type NatsOptions, nats } from '../index.js';

/** Opens nodes of deployments that are new, on servers that are not, and closes them all. */
export class Deployments {
  readonly #servers: readonly string[];
  readonly #opened: Store[] = [];

  constructor(...servers: string[]) {
    this.#servers = servers;
  }

  /** Opens a node of a new deployment: each call of the result one more of it. */
  create(options: NatsOptions = {}): (more?: NatsOptions) => Store {
    const prefix = `test-${randomBytes(6).toString('hex')}`;
    return (more) => {
      const store = nats({ servers: this.#servers, prefix, shards: 2, ...options, ...more });
      this.#opened.push(store);
      return store;
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map(async (store) => store.close()));
  }
}

/**
 * Follows a channel as the engine does: operations that it was not told of it reads, and those that an epoch does not
 * continue it drops.
 */
export class Follower {
  readonly ops: Operation[] = [];
  readonly epochs: string[] = [];
  learned = 0;
  readonly channel: string;
  readonly #store: Store;
  #reading: Promise<void> = Promise.resolve();
  #arrivals: (() => void)[] = [];
  #failures = 0;

  private constructor(store: Store, channel: string) {
    this.#store = store;
    this.channel = channel;
  }

  static async start(store: Store, channel: string): Promise<Follower> {
    const follower = new Follower(store, channel);
    await store.watch(channel, {
      announce: (epoch, op) => {
        follower.#enter(epoch);
        if (op.offset === follower.top + 1) follower.#take([op]);
        else if (op.offset > follower.top) follower.#readOn();
      },
      learn: ({ epoch, top }) => {
        follower.learned++;
        follower.#enter(epoch);
        if (top > follower.top) follower.#readOn();
        follower.#wake();
      },
    });
    return follower;
  }

  get top(): number {
    return this.ops.at(-1)?.offset ?? 0;
  }

  get payloads(): unknown[] {
    return this.ops.map(({ payload }) => payload);
  }

  /** Resolves when `holds` does. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#arrivals.push(resolve));
  }

  /** Returns true if operations were dropped. */
  #enter(epoch: string): boolean {
    const held = this.epochs.at(-1);
    if (held === epoch) return false;
    this.epochs.push(epoch);
    const { top } = this;
    while (held !== undefined && breakOf({ epoch: held, offset: this.top }, { epoch }) !== undefined) {
      if (this.ops.pop() === undefined) break;
    }
    return this.top < top;
  }

  #readOn(): void {
    this.#reading = this.#reading.then(async () => {
      try {
        const { epoch, ops } = await this.#store.read(this.channel, { after: this.top, limit: 10_000 });
        if (this.#enter(epoch)) this.#readOn();
        else this.#take(ops.filter(({ offset }) => offset > this.top));
      } catch {
        if (this.#failures++ < 100) setTimeout(() => this.#readOn(), 50);
      }
    });
  }

  #take(ops: readonly Operation[]): void {
    this.ops.push(...ops);
    this.#wake();
  }

  #wake(): void {
    for (const arrived of this.#arrivals.splice(0)) arrived();
  }
}

/** Tries until it succeeds, or is refused. */
export async function untilDone<T>(work: (retry: boolean) => T | Promise<T>): Promise<T> {
  for (let retry = false; ; retry = true) {
    try {
      return await work(retry);
    } catch (error) {
      const isTransient = error instanceof LongwaveError && error.code === 'unavailable';
      if (!isTransient || error.message.includes('closed')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Appends until it is stored, as a client does. */
export async function appendUntilStored(
  store: Store,
  channel: string,
  payload: string,
  producer: { readonly id: string; readonly seq: number },
): Promise<number> {
  return (await appendOnce(store, channel, payload, producer)).offset;
}

/** As `appendUntilStored`, with the epoch. */
export function appendOnce(
  store: Store,
  channel: string,
  payload: string,
  producer: { readonly id: string; readonly seq: number },
): Promise<Appended> {
  const keep = { count: 1e6, bytes: 1e9, ageMs: 1e12 };
  return untilDone((retry) => store.append(channel, { payload, producer, retry }, keep));
}
