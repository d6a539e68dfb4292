import { type WatchingOptions, damage, spread, watch } from './watching.js';

/** Kill -9 of one node: how long until all its clients stand again somewhere else, and have everything. */
export async function killNode(options: WatchingOptions): Promise<boolean> {
  const seen = await watch(
    options,
    (world) => world.nodes[0]!.kill(),
    (watched) => watched.every(({ resumedMs }) => resumedMs !== -1),
  );
  const hit = seen.watched.flatMap(({ resumedMs }) => (resumedMs === undefined ? [] : [resumedMs]));
  const back = hit.filter((ms) => ms >= 0);
  const { line, isNone } = damage(seen);
  options.say(`kill -9 of one of ${options.nodes} nodes (${options.store}), ${options.clients} clients:`);
  options.say(`  ${hit.length} lost their connection, ${back.length} of them stand again and have everything`);
  options.say(`  until then: ${spread(back)}`);
  options.say(`  ${line}`);
  return isNone && hit.length > 0 && back.length === hit.length;
}
