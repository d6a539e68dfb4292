import { deepEqual, equal } from 'node:assert/strict';
import type { Operation } from '@longwave/protocol';
import type { Store } from '@longwave/core';
import { Follower, appendUntilStored } from './deployment.js';

/** Every node follows the channels `0`, `1`... */
export async function followAll(nodes: readonly Store[], channels: number): Promise<Follower[]> {
  const names = Array.from({ length: channels }, (_, channel) => `${channel}`);
  return Promise.all(names.flatMap((channel) => nodes.map((node) => Follower.start(node, channel))));
}

/**
 * Producers that publish to the channels `0`, `1`... of both nodes, each one after the other, until they are told to
 * end.
 */
export class Load {
  readonly acked = new Map<string, number>();
  #ended = false;
  readonly #running: Promise<void>[];

  constructor(nodes: readonly Store[], channels: number) {
    this.#running = nodes.flatMap((node, n) =>
      Array.from({ length: channels }, (_, channel) => this.#publish(node, `${channel}`, `p${n}-${channel}`)),
    );
  }

  async #publish(node: Store, channel: string, id: string): Promise<void> {
    for (let seq = 1; !this.#ended; seq++) {
      const payload = `${id} ${seq}`;
      this.acked.set(`${channel}/${payload}`, await appendUntilStored(node, channel, payload, { id, seq }));
    }
  }

  /** So many more are acknowledged. */
  async pass(count: number): Promise<void> {
    const goal = this.acked.size + count;
    while (this.acked.size < goal) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#running);
  }
}

/** Each follower (`followAll`) was told all, and a fresh node has every acknowledged operation, once and in order. */
export async function verifyLoad({ acked }: Load, fresh: Store, followers: readonly Follower[]): Promise<void> {
  for (const follower of followers) {
    const { channel } = follower;
    const { ops, epoch, top } = await fresh.read(channel, { after: 0, limit: 1e6 });
    await follower.until(() => follower.top === top);
    const brief = ({ offset, time, payload, id }: Operation) => [offset, time, payload, id];
    deepEqual(follower.ops.map(brief), ops.map(brief));
    deepEqual(follower.epochs, [epoch]);
    const payloads = ops.map(({ payload }) => String(payload));
    equal(new Set(payloads).size, payloads.length);
    for (const [name, offset] of acked) {
      const [of, payload] = name.split('/') as [string, string];
      if (of === channel) equal(payloads[offset - 1], payload);
    }
    for (const id of new Set(payloads.map((payload) => payload.split(' ')[0]))) {
      const own = payloads.filter((payload) => payload.startsWith(`${id} `));
      const seqs = own.map((payload) => Number(payload.split(' ')[1]));
      deepEqual(
        seqs,
        seqs.toSorted((x, y) => x - y),
      );
    }
  }
}
