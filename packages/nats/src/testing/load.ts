import { deepEqual, equal } from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { type Operation, type Position, breakOf } from '@longwave/protocol';
import type { Store } from '@longwave/core';
import { until } from '@longwave/testkit/services';
import { Follower, appendOnce } from './deployment.js';

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
  readonly acked = new Map<string, Position>();
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
      const { epoch, offset } = await appendOnce(node, channel, payload, { id, seq });
      this.acked.set(`${channel}/${payload}`, { epoch, offset });
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

/**
 * Each follower (`followAll`) has what a fresh node has: every acknowledged operation, once and in order, but for those
 * of which the epoch says that they are lost. Returns whether there are such.
 */
export async function verifyLoad({ acked }: Load, fresh: Store, followers: readonly Follower[]): Promise<boolean> {
  let losses = false;
  for (const follower of followers) {
    const { channel } = follower;
    const brief = ({ offset, time, payload, id }: Operation) => [offset, time, payload, id];
    let stored: ReturnType<typeof brief>[] = [];
    let epoch = '';
    // It takes a node some seconds to notice that others have something else.
    await until(async () => {
      const page = await fresh.read(channel, { after: 0, limit: 1e6 });
      epoch = page.epoch;
      stored = page.ops.map(brief);
      return follower.epochs.at(-1) === epoch && isDeepStrictEqual(follower.ops.map(brief), stored);
    }).catch(() => undefined);
    deepEqual(follower.ops.map(brief), stored);
    equal(follower.epochs.at(-1), epoch);
    const payloads = stored.map(([, , payload]) => String(payload));
    equal(new Set(payloads).size, payloads.length);
    for (const [name, position] of acked) {
      const [of, payload] = name.split('/') as [string, string];
      if (of !== channel) continue;
      if (breakOf(position, { epoch }) === undefined) equal(payloads[position.offset - 1], payload);
      else losses = true;
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
  return losses;
}
