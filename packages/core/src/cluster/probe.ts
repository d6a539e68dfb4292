import { LongwaveError } from '@longwave/protocol';
import type { Clock, MakeId, Store } from '../base/ports.js';
import type { Hub } from '../delivery/hub.js';
import type { Timers } from '../base/timers.js';
import { Subscription } from '../delivery/subscription.js';
import { fault } from '../base/fault.js';
import { type MaybePromise, chain, guard } from '../base/maybe-promise.js';
import { Listener } from '../listening/listener.js';

/** No client, back end or inbox can name it: `$` is in no channel name (CH-1), and inboxes begin with `@me/`. */
const keyPrefix = '$probe/';
/** Nodes come and go, and a store keeps logs for a long time: those of all nodes share so many. */
const logs = 16;
/**
 * A read or write that fails is tried once more before the node is called unready: a part of the store may be moving to
 * another server.
 */
const againMs = 500;
const retain = { count: 64, bytes: 4096, ageMs: 60_000 };

export interface ProbeOptions {
  readonly node: string;
  readonly store: Store;
  readonly hub: Hub;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly makeId: MakeId;
  readonly timeoutMs: number;
}

/**
 * Asks whether all of the store can be used, and sends one message the whole way of delivery: store, watch, feed,
 * flush, lane, encoded and decoded. Resolves with the milliseconds it took. Rejects with `timeout`, with `going-away`
 * when the engine is closed, or with what the store failed with.
 */
export function probe({ node, store, hub, clock, timers, makeId, timeoutMs }: ProbeOptions): Promise<number> {
  const key = keyPrefix + ([...node].reduce((sum, unit) => sum + unit.charCodeAt(0), 0) % logs);
  const nonce = makeId();
  const startedAt = clock.now();
  return new Promise<number>((resolve, reject) => {
    let settled = false;
    let release = (): void => {};
    let cancel = (): void => {};
    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      cancel();
      release();
      finish();
    };
    cancel = timers.after(
      timeoutMs,
      () => settle(() => reject(new LongwaveError('timeout', `The probe was not delivered within ${timeoutMs} ms.`))),
      () => settle(() => reject(fault('going-away'))),
    );
    const found = (): void => settle(() => resolve(Math.max(0, clock.now() - startedAt)));
    const send = (): MaybePromise<void> =>
      chain(hub.feed(key, key), (feed) => {
        // The store may answer after the time limit: then the feed is given back at once.
        if (settled) return feed.letGo();
        const listener = new Listener({
          onMessage: ({ ops }) => void (ops.some(({ data }) => data === nonce) && found()),
        });
        const subscription = new Subscription(listener, feed, feed.epoch, feed.top);
        release = () => feed.remove(subscription);
        feed.resume(subscription);
        return chain(store.append(key, { payload: JSON.stringify(nonce) }, retain), () => undefined);
      });
    const attempt = (isLast: boolean): void =>
      void guard(
        () => chain(store.check?.(), send),
        (error) => {
          if (isLast || timeoutMs <= againMs) {
            return settle(() => reject(error instanceof Error ? error : fault('unavailable')));
          }
          if (settled) return;
          release();
          release = () => {};
          timers.after(againMs, () => settled || attempt(true));
        },
      );
    attempt(false);
  });
}
