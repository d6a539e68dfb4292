import type { World } from './world.js';

/** What still keeps the world from rest, one line each. */
function unsettled({ clients, cluster, publishes, pending }: World): [subject: string, what: string][] {
  const open: [string, string][] = [];
  for (const client of clients) {
    if (client.status !== 'connected') open.push([client.name, `is ${client.status} (${client.closedBy ?? ''})`]);
    else if (client.link?.broken) open.push([client.name, 'has not noticed that its link is dead']);
    for (const { monitor, subscription } of client.held) {
      if (monitor.state !== 'open') continue;
      const { epoch, top } = cluster.store.bounds(monitor.channel);
      const { cursor } = monitor;
      if (cursor?.epoch === epoch && cursor.offset === top) continue;
      const where = cursor ? `${cursor.epoch.slice(0, 4)}:${cursor.offset}` : 'nowhere';
      open.push([
        `${client.name} ${monitor.channel}`,
        `the subscription (${subscription.state}) stands at ${where}, the log ends at ${epoch.slice(0, 4)}:${top}`,
      ]);
    }
  }
  for (const { publisher, payload, channel } of publishes.pending) {
    open.push([`${publisher} ${channel}`, `the publish ${payload} was never answered`]);
  }
  if (pending.count > 0) open.push(['world', `${pending.count} requests were never answered`]);
  return open;
}

export function isSettled(world: World): boolean {
  return unsettled(world).length === 0;
}

/** Liveness: with the faults over, nothing is left to wait for. */
export function checkSettled(world: World): void {
  for (const [subject, what] of unsettled(world)) world.checker.violate('liveness', subject, what);
}
