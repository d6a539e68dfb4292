import type { ClusterReport } from '@longwave/core';
import { expect, it } from 'vitest';
import { formatReport } from './format-report.js';

const node = { startedAt: 0, state: 'running', connections: 1500, subscriptions: 3000, channels: 12 } as const;

const report: ClusterReport = {
  nodes: [
    { ...node, node: 'abcdefghij', label: 'web-1:8' },
    { ...node, node: 'klmnopqrst', label: 'web-2:9', state: 'draining', connections: 0 },
  ],
  missing: ['klmnopqrst'],
  channels: [
    {
      ...{ channel: 'chat/lobby', mode: 'log', epoch: 'e', floor: 90, top: 12_345 },
      keeps: { count: 10_000, bytes: 4_194_304, ageMs: null as never },
      ...{ subscribers: 3000, behind: 2, lag: 14, members: 7 },
      nodes: [{ node: 'abcdefghij', subscribers: 3000, top: 12_345 }],
    },
    {
      ...{ channel: 'quotes', mode: 'map', epoch: 'e', floor: 0, top: 3 },
      keeps: { keys: 1000, bytes: 500, removals: 10 },
      ...{ subscribers: 1, behind: 0, lag: 0 },
      nodes: [],
    },
  ],
};

it('is read by people: columns, units, and who said nothing', () => {
  expect(formatReport(report, 7_300_000).split('\n')).toEqual([
    '2 nodes, 1,500 connections',
    '',
    'NODE              STATE    UP   CONNECTIONS  SUBSCRIPTIONS  CHANNELS',
    'web-1:8 (abcdef)  running  2 h        1,500          3,000        12',
    'web-2:9 (klmnop)  silent   2 h            0          3,000        12',
    '',
    'CHANNEL     MODE  SUBSCRIBERS  BEHIND  LAG  FROM     TOP  MEMBERS  NODES  KEEPS',
    'chat/lobby  log         3,000       2   14    91  12,345        7      1  10,000 messages, 4 MiB',
    'quotes      map             1       0    0             3               0  1,000 entries, 500 bytes',
    '',
  ]);
});

it('says of a document that all of it is kept, and how many versions', () => {
  const [log] = report.channels;
  const keeps = { count: 1e15, bytes: 16 * 1024 * 1024, ageMs: 1e15, whole: true as const };
  const channels = [{ ...log!, channel: 'doc/plan', mode: 'doc', keeps, versions: 3 }];
  expect(formatReport({ ...report, channels }, 1000)).toMatch(/doc\/plan {2}doc .* all of it, 16 MiB, 3 versions\n/);
  const stored = { bytes: 6 * 1024, snapshotBytes: 4 * 1024, updates: 12 };
  const sized = [{ ...channels[0]!, stored }];
  expect(formatReport({ ...report, channels: sized }, 1000)).toMatch(
    / all of it, 6 KiB of 16 MiB, snapshot 4 KiB, 12 updates, 3 versions\n/,
  );
});

it('shows a cluster without subscribers', () => {
  expect(formatReport({ ...report, channels: [], missing: [] }, 1000)).not.toContain('CHANNEL ');
});
