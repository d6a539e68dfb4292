import type { ClusterChannel, ClusterReport, NodeInfo } from '@longwave/core';

/** As text in columns. `now`: milliseconds since the Unix epoch. */
export function formatReport({ nodes, missing, channels }: ClusterReport, now: number): string {
  const connections = nodes.reduce((all, node) => all + node.connections, 0);
  const parts = [
    `${plural(nodes.length, 'node')}, ${plural(connections, 'connection')}`,
    table(['NODE', 'STATE', 'UP', 'CONNECTIONS', 'SUBSCRIPTIONS', 'CHANNELS'], nodes.map(nodeRow(missing, now))),
  ];
  const titles = ['CHANNEL', 'MODE', 'SUBSCRIBERS', 'BEHIND', 'LAG', 'FROM', 'TOP', 'MEMBERS', 'NODES', 'KEEPS'];
  if (channels.length > 0) parts.push(table(titles, channels.map(channelRow)));
  return `${parts.join('\n\n')}\n`;
}

function nodeRow(missing: readonly string[], now: number): (node: NodeInfo) => string[] {
  return ({ node, label, state, startedAt, connections, subscriptions, channels }) => [
    `${label} (${node.slice(0, 6)})`,
    missing.includes(node) ? 'silent' : state,
    duration(Math.max(0, now - startedAt)),
    ...[connections, subscriptions, channels].map(count),
  ];
}

function channelRow(channel: ClusterChannel): string[] {
  const { mode, subscribers, behind, lag, floor, top, members, nodes } = channel;
  return [
    channel.channel,
    mode,
    ...[subscribers, behind, lag].map(count),
    !channel.keeps || 'keys' in channel.keeps ? '' : count(Math.min(floor + 1, top)),
    count(top),
    members === undefined ? '' : count(members),
    count(nodes.length),
    describeKeeps(channel),
  ];
}

function describeKeeps({ keeps, versions, stored }: ClusterChannel): string {
  // A room keeps nothing in the store.
  if (!keeps) return '';
  if ('keys' in keeps) return `${count(keeps.keys)} entries, ${size(keeps.bytes)}`;
  if (keeps.whole) {
    const kept = [`all of it, ${stored ? `${size(stored.bytes)} of ` : ''}${size(keeps.bytes)}`];
    if (stored) kept.push(`snapshot ${size(stored.snapshotBytes)}`, plural(stored.updates, 'update'));
    return [...kept, plural(versions ?? 0, 'version')].join(', ');
  }
  // JSON has no infinity: what is not bounded comes as null.
  const { count: most, bytes, ageMs } = keeps as { readonly [Name in 'count' | 'bytes' | 'ageMs']: number | null };
  const bounds = [
    most !== null && `${count(most)} messages`,
    bytes !== null && size(bytes),
    ageMs !== null && duration(ageMs),
  ];
  return bounds.filter((bound) => bound !== false).join(', ');
}

/** Numbers to the right, texts to the left. */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const isNumeric = titles.map(
    (_, i) => rows.some((row) => row[i] !== '') && rows.every((row) => /^[\d,]*$/.test(row[i]!)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (isNumeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [titles, ...rows].map(line).join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

function size(bytes: number): string {
  if (bytes >= 1024 * 1024) return `${count(Math.round(bytes / 1024 / 1024))} MiB`;
  return bytes >= 1024 ? `${count(Math.round(bytes / 1024))} KiB` : `${bytes} bytes`;
}

function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
