import { type Appended, type Bounds, MemoryStore, type Store } from '@longwave/core';
import type { ResolvedRetention } from '@longwave/protocol';
import { facade } from '@longwave/testkit';

type Options = ConstructorParameters<typeof MemoryStore>[0];

/** A store with the first operations of a channel of another, whose epochs tell that it goes on from that one, as after a failover. */
export async function rewoundStore(
  from: Store,
  channel: string,
  top: number,
  keep: ResolvedRetention,
  options: Options,
) {
  const store = new MemoryStore(options);
  const old = await from.read(channel, { after: 0, limit: 10_000 });
  const { floor } = old;
  const kept = old.ops.filter(({ offset }) => offset <= top);
  for (let offset = 1; offset <= floor + 1; offset++) store.append(channel, { payload: new Uint8Array() }, keep);
  const { epoch } = store.bounds(channel);
  const [first, ...others] = kept;
  store.compact(channel, { epoch, offset: floor + 1, payload: first!.payload as Uint8Array });
  for (const { payload } of others) store.append(channel, { payload }, keep);

  const outside = (name: string): string => (name === epoch ? `${old.epoch}~${top}.${epoch}` : name);
  const inside = (name: string): string => (name === outside(epoch) ? epoch : name);
  const told = <T extends Bounds | Appended>(result: T): T => ({ ...result, epoch: outside(result.epoch) });
  return facade(store, {
    append: (name, ...rest) => told(store.append(name, ...rest)),
    read: (name, query) => told(store.read(name, query)),
    bounds: (name) => told(store.bounds(name)),
    compact: (name, compaction) => store.compact(name, { ...compaction, epoch: inside(compaction.epoch) }),
    watch: (name, watcher) =>
      store.watch(name, {
        announce: (announced, op) => watcher.announce(outside(announced), op),
        learn: (bounds) => watcher.learn(told(bounds)),
      }),
  });
}
