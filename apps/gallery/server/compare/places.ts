/** A lab as the choice of the one that gives way sees it. */
export interface Place {
  /** The network that its visitor came from. */
  readonly network: string;
  /** Its feed stands still, or nobody is connected. */
  readonly isIdle: boolean;
}

/**
 * Returns the place that gives way to a newcomer where all are taken; `places` begin with the oldest. It is one of the network that
 * holds most, the newcomer counted: who opens one lab after the other closes their own. Where visitors share a network, as behind
 * a proxy, or each network holds as many, one that stands still goes first, and then the oldest. So a newcomer always gets in.
 */
export function placeToGiveUp<P extends Place>(places: readonly P[], newcomer: string): P | undefined {
  const held = new Map<string, number>();
  for (const { network } of places) held.set(network, (held.get(network) ?? 0) + 1);
  if (held.has(newcomer)) held.set(newcomer, held.get(newcomer)! + 1);
  const most = Math.max(...held.values());
  const isOwn = held.get(newcomer) === most;
  const candidates = places.filter(({ network }) => (isOwn ? network === newcomer : held.get(network) === most));
  return candidates.find(({ isIdle }) => isIdle) ?? candidates[0];
}

const mappedAddress = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** The network that an address belongs to: its own if it is IPv4, its /64 if it is IPv6, all of which one visitor commonly has. */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return '';
  const mapped = mappedAddress.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  while (tail !== undefined && groups.length + behind.length < 8) groups.push('0');
  return [...groups, ...behind].slice(0, 4).join(':');
}
