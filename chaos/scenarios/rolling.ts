import { type WatchingOptions, damage, spread, watch } from './watching.js';

/** All nodes are restarted, one after the other, as a deployment does it: the longest silence that each client sees. */
export async function rolling(options: WatchingOptions): Promise<boolean> {
  const seen = await watch(
    options,
    async (world) => {
      for (const node of world.nodes) {
        await node.drain();
        await node.start();
      }
    },
    (watched) => watched.every(({ resumedMs }) => resumedMs !== -1),
  );
  const gaps = seen.watched.map(({ gapMs }) => Math.max(0, gapMs - options.tickMs));
  const { line, isNone } = damage(seen);
  options.say(
    `rolling restart of ${options.nodes} nodes (${options.store}), ${options.clients} clients, a message every ${options.tickMs} ms:`,
  );
  options.say(`  the visible gap: ${spread(gaps)}`);
  options.say(`  ${line}`);
  return isNone;
}
