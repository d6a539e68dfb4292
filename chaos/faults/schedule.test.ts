import { expect, it } from 'vitest';
import type { FaultKind } from './fault.js';
import { planFaults, sharesTarget } from './schedule.js';

const kinds: readonly FaultKind[] = ['kill-node', 'freeze-node', 'cut-store', 'kill-store', 'rolling-restart'];
const plan = (seed: string, durationMs = 10 * 60_000) =>
  planFaults({ seed, durationMs, faultsPerMinute: 30, nodes: 3, kinds });

it('is the same for the same seed, and another for another', () => {
  expect(plan('a')).toEqual(plan('a'));
  expect(plan('a')).not.toEqual(plan('b'));
});

it('brings about as many faults as asked for, of every kind that there can be', () => {
  const faults = plan('a');
  expect(faults.length).toBeGreaterThan(200);
  expect(faults.length).toBeLessThan(400);
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(kinds));
});

it('does nothing to a target to which something is done already', () => {
  const faults = plan('c');
  for (const [i, fault] of faults.entries()) {
    for (const later of faults.slice(i + 1)) {
      if (!sharesTarget(fault.target, later.target)) continue;
      expect(later.atMs).toBeGreaterThanOrEqual(fault.atMs + fault.durationMs);
    }
  }
});

it('leaves the last part of each minute calm', () => {
  for (const { atMs, durationMs } of plan('d')) expect((atMs % 60_000) + durationMs).toBeLessThan(45_000);
});

it('plans nothing where there can be nothing', () => {
  expect(planFaults({ seed: 'a', durationMs: 60_000, faultsPerMinute: 30, nodes: 3, kinds: [] })).toEqual([]);
  expect(planFaults({ seed: 'a', durationMs: 60_000, faultsPerMinute: 0, nodes: 3, kinds })).toEqual([]);
});
