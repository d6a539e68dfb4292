import { type Position, presencePrefix } from '@longwave/protocol';
import { wordsOf } from '../checking/document-ledger.js';
import { documentRooms, memberRooms } from './profile.js';
import type { World } from './world.js';

/** A request may be on its way for this long. */
const onItsWayMs = 1000;

function isAt(position: Position | undefined, { epoch, offset }: Position): boolean {
  return position?.epoch === epoch && position.offset === offset;
}

const text = (position: Position | undefined): string =>
  position ? `${position.epoch.slice(0, 4)}:${position.offset}` : 'nowhere';

/**
 * Lists everything that still keeps the world from rest, one line each. A subscription that hears of a reset with the
 * next message may wait for one: it is looked at only where `wellTold`, when each channel has had its last message.
 */
function unsettled(
  { clock, clients, cluster, documents, profile, publishes, pending }: World,
  wellTold: boolean,
): [subject: string, what: string][] {
  const open: [string, string][] = [];
  for (const client of clients) {
    if (client.status !== 'connected') open.push([client.name, `is ${client.status} (${client.closedBy ?? ''})`]);
    else if (client.link?.broken) open.push([client.name, 'has not noticed that its link is dead']);
    else if (client.link?.acceptedAt === Infinity && client.link.dialledAt < clock.time - onItsWayMs) {
      open.push([client.name, 'waits for a request that does not arrive']);
    }
    for (const { monitor, subscription } of client.held) {
      if (monitor.state !== 'open') continue;
      if (!monitor.hearsResets && !wellTold) continue;
      const { epoch, top } = cluster.store.bounds(monitor.channel);
      const subject = `${client.name} ${monitor.channel}`;
      if (monitor.stale.length > 0) open.push([subject, `shows ${monitor.stale.join()}, which are redacted`]);
      const { standsAt, hearsResets } = monitor;
      const end = { epoch, offset: top };
      if (!isAt(standsAt, end)) {
        open.push([
          subject,
          `the subscription (${subscription.state}) stands at ${text(standsAt)}, the log ends at ${text(end)}`,
        ]);
      } else if (hearsResets && !isAt(subscription.position, end)) {
        open.push([subject, `was told of ${text(end)}, and its position is ${text(subscription.position)}`]);
      }
    }
  }
  for (const client of clients) for (const what of client.watches.differences()) open.push([client.name, what]);
  open.push(...unsettledMembers({ clients, cluster }), ...lostWords({ cluster, documents, profile }));
  for (const { publisher, payload, channel } of publishes.pending) {
    open.push([`${publisher} ${channel}`, `the publish ${payload} was never answered`]);
  }
  if (pending.count > 0) open.push(['world', `${pending.count} requests were never answered`]);
  return open;
}

/** A client that entered and has not left is a member, and nobody else. */
function unsettledMembers({ clients, cluster }: Pick<World, 'clients' | 'cluster'>): [subject: string, what: string][] {
  return memberRooms.flatMap((room): [string, string][] => {
    const { ops } = cluster.store.read(presencePrefix + room, { limit: Infinity });
    const there = ops.map(({ payload }) => String(payload)).toSorted();
    const due = clients
      .filter(({ status }) => status !== 'closed')
      .flatMap(({ watches }) =>
        watches.entered.has(room) ? [JSON.stringify({ data: watches.entered.get(room), away: false })] : [],
      )
      .toSorted();
    return there.join() === due.join() ? [] : [[room, `has the members ${there.join()}, not ${due.join()}`]];
  });
}

/** Every acknowledged word of a document is stored, unless the store itself died. */
function lostWords({
  cluster,
  documents,
  profile,
}: Pick<World, 'cluster' | 'documents' | 'profile'>): [subject: string, what: string][] {
  if (profile.store === 'dying') return [];
  return documentRooms.flatMap((room): [string, string][] => {
    const { ops } = cluster.store.read(room, { after: 0, limit: Infinity });
    const lost = documents.missing(room, new Set(ops.flatMap(({ payload }) => wordsOf(payload))));
    return lost.length === 0 ? [] : [[room, `acknowledged words are gone: ${lost.join()}`]];
  });
}

export function isSettled(world: World, wellTold: boolean): boolean {
  return unsettled(world, wellTold).length === 0;
}

/** Liveness: with the faults over, nothing is left to wait for. */
export function checkSettled(world: World, wellTold: boolean): void {
  for (const [subject, what] of unsettled(world, wellTold)) world.checker.violate('liveness', subject, what);
}
