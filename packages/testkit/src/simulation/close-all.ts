import { downstreamBeats } from '@longwave/core';
import type { Checker } from '../checking/checker.js';
import type { SimNode } from './sim-node.js';
import type { World } from './world.js';

/** Longer than any timer that only has to fire once more. */
const afterglowMs = 5000;
/** A feed that nobody holds stays for as long. */
const lingerMs = 10_000;

/** Ends everything, and looks for what is left behind. */
export async function closeAll(world: World, run: (forMs: number) => Promise<void>): Promise<void> {
  const { clients, cluster, checker, pending, publishes, profile } = world;
  for (const client of clients) client.close();
  // The server learns within two heartbeats of links that died silently (HB-2). It learns that nobody listens to a
  // response when the response ends (HTTP-5).
  const beats = profile.transports === 'mixed' ? downstreamBeats + 2 : 3;
  await run(beats * profile.heartbeatMs + lingerMs + afterglowMs);
  checker.expect(pending.count === 0, 'leak', 'world', () => `${pending.count} requests were not rejected by close`);
  for (const { publisher, payload } of publishes.pending) {
    checker.violate('leak', publisher, `the publish ${payload} was not rejected by close`);
  }
  for (const { name, engine, store } of cluster.nodes) {
    if (!engine || !store) continue;
    const { connections, subscriptions, channels } = engine.stats;
    // A node hears the orders and the calls of others for as long as it runs.
    const watches = store.watches - 2;
    const left = connections + subscriptions + channels + watches;
    checker.expect(left === 0, 'leak', name, () => {
      return `nobody is left, but ${JSON.stringify({ connections, subscriptions, channels, watches })}`;
    });
  }
  for (const node of cluster.nodes) await closeEngine(node, checker);
  await run(afterglowMs);
  for (const node of cluster.nodes) expectNoTimers(node, checker);
}

/** Closes the engine of a node in whatever state it is: from then on it waits for nothing. */
export async function closeEngine(node: SimNode, checker: Checker): Promise<void> {
  await node.engine?.close();
  expectNoTimers(node, checker);
}

function expectNoTimers({ name, engine, host }: SimNode, checker: Checker): void {
  if (engine) checker.expect(host.timers === 0, 'leak', name, () => `${host.timers} timers are left after close`);
}
